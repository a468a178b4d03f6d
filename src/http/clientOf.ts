import type { IncomingMessage } from "node:http"
import { Option } from "effect"
import { Client } from "../domain/Client.ts"
import { type Network, parseAddress } from "../domain/network/Address.ts"
import { clientAddress } from "../domain/network/forwarded.ts"

const AGENT_LENGTH = 512

const entries = (value: string | ReadonlyArray<string> | undefined): ReadonlyArray<string> =>
  value === undefined
    ? []
    : String(value)
        .split(",")
        .map((entry) => entry.trim())

/** Who is on the other end of a request. Header fields that tell another address are believed from trusted proxies alone. */
export const clientOf = (
  { headers, socket }: Pick<IncomingMessage, "headers" | "socket">,
  trusted: ReadonlyArray<Network>
): Client => {
  const peer = parseAddress(socket.remoteAddress ?? "")
  const address = clientAddress(peer, entries(headers["x-forwarded-for"]), trusted)
  return new Client({
    ipAddress: Option.getOrNull(Option.map(address, String)),
    userAgent: headers["user-agent"]?.slice(0, AGENT_LENGTH) ?? null
  })
}
