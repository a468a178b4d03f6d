import type { Request } from "express"
import { Client } from "../domain/Client.ts"

const AGENT_LENGTH = 512

/** An IPv4 address that came over an IPv6 socket is written as what it is (RFC 4291 §2.5.5.2). */
const plainAddress = (address: string): string => (address.startsWith("::ffff:") ? address.slice(7) : address)

/** Who is on the other end of the socket. Header fields that claim otherwise are not believed. */
export const clientOf = (request: Request): Client => {
  const address = request.socket.remoteAddress
  const agent = request.headers["user-agent"]
  return new Client({
    ipAddress: address === undefined ? null : plainAddress(address),
    userAgent: agent === undefined ? null : agent.slice(0, AGENT_LENGTH)
  })
}
