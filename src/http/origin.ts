import type { IncomingMessage } from "node:http"
import { Option } from "effect"
import { isAmong, type Network, parseAddress } from "../domain/network/Address.ts"

/** The last value of a field: the one that the proxy next to us wrote, or let through. */
const last = (value: string | ReadonlyArray<string> | undefined): string | undefined =>
  (typeof value === "string" ? value : value?.join(","))?.split(",").at(-1)?.trim()

/**
 * The origin a request was made to (RFC 6454 §4): by `Host`, or by what a trusted proxy says of the connection that it
 * took, in `X-Forwarded-Proto` and `X-Forwarded-Host`. Undefined when that is no origin.
 */
export const originOf = (
  { headers, socket }: Pick<IncomingMessage, "headers" | "socket">,
  trusted: ReadonlyArray<Network>
): string | undefined => {
  const peer = parseAddress(socket.remoteAddress ?? "")
  const isProxied = Option.exists(peer, (address) => isAmong(trusted, address))
  const scheme = (isProxied ? last(headers["x-forwarded-proto"]) : undefined)?.toLowerCase() ?? "http"
  const host = (isProxied ? last(headers["x-forwarded-host"]) : undefined) ?? headers.host
  if (host === undefined || !/^https?$/u.test(scheme) || !/^[^\s/\\?#@]+$/u.test(host)) return undefined
  return URL.parse(`${scheme}://${host}`)?.origin
}
