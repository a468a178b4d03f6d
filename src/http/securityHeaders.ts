import { IncomingMessage, ServerResponse } from "node:http"
import { Socket } from "node:net"
import helmet, { strictTransportSecurity } from "helmet"
import type { Network } from "../domain/network/Address.ts"
import { originOf } from "./origin.ts"

/** Header fields as Node takes them all at once: a name, its value, a name, its value. */
export type Fields = ReadonlyArray<string>

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

/** Nothing of this service is a page unless it says so itself, so the policy of documents allows nothing. */
const always: Middleware = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] }
  },
  crossOriginOpenerPolicy: { policy: "same-origin" },
  crossOriginResourcePolicy: { policy: "same-origin" },
  referrerPolicy: { policy: "no-referrer" },
  strictTransportSecurity: false,
  xFrameOptions: { action: "deny" }
})

/** For a year, for subdomains too (OWASP ASVS 5.0 §3.4.1). */
const secureOnly: Middleware = strictTransportSecurity()

const uncached: Middleware = (_request, response, next) => {
  response.setHeader("Cache-Control", "no-store")
  next()
}

/** Notes what is set. */
class Noting extends ServerResponse {
  readonly fields: Array<string> = []
  override setHeader(name: string, value: string | number | ReadonlyArray<string>): this {
    this.fields.push(name, String(value))
    return this
  }
}

/** What these set. They look at no request, so that one answer stands for all. */
const fieldsOf = (...middlewares: ReadonlyArray<Middleware>): Fields => {
  const request = new IncomingMessage(new Socket())
  const response = new Noting(request)
  for (const middleware of middlewares) middleware(request, response, () => undefined)
  return response.fields
}

const OVER_HTTP = fieldsOf(always, uncached)
const OVER_TLS = fieldsOf(always, secureOnly, uncached)

/**
 * What every answer says to browsers. Over plain HTTP nobody may promise TLS (RFC 6797 §7.2): only a trusted proxy that took
 * the request over it lets us.
 */
export const securityHeaders =
  (trustedProxies: ReadonlyArray<Network>) =>
  (request: IncomingMessage): Fields =>
    trustedProxies.length > 0 && originOf(request, trustedProxies)?.startsWith("https:") === true ? OVER_TLS : OVER_HTTP
