import type { RequestHandler } from "express"
import helmet, { strictTransportSecurity } from "helmet"
import type { Network } from "../domain/network/Address.ts"
import { originOf } from "./origin.ts"

/** What every answer says to browsers. Nothing of this service is a page unless it says so itself, so the policy of documents allows nothing. */
const always: RequestHandler = helmet({
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
const secureOnly: RequestHandler = strictTransportSecurity()

/** Over plain HTTP nobody may promise TLS (RFC 6797 §7.2): only a trusted proxy that took the request over it lets us. */
export const securityHeaders = (trustedProxies: ReadonlyArray<Network>): ReadonlyArray<RequestHandler> => [
  always,
  (request, response, next) =>
    originOf(request, trustedProxies)?.startsWith("https:") === true ? secureOnly(request, response, next) : next()
]
