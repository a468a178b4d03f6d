import { randomUUID } from "node:crypto"
import type { Duplex } from "node:stream"
import { type Problem, problem, toDocument } from "./problem/Problem.ts"
import { malformed } from "./refuse.ts"

const LINGER = 1000

const whyUnreadable = (error: Error): Problem => {
  switch ("code" in error ? error.code : undefined) {
    case "HPE_HEADER_OVERFLOW":
      return problem("invalid-request", 431, { detail: "The header fields are too large", members: {} })
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return problem("invalid-request", 408, { detail: "The request took too long to arrive", members: {} })
    default:
      return malformed("This is not an HTTP request")
  }
}

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large"
}

/** Answers what is no request at all, where there is neither a route nor a response yet. */
export const answerUnreadable = (error: Error, socket: Duplex): void => {
  // Every further piece of the same nonsense is reported again.
  if (socket.writableEnded) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const found = whyUnreadable(error)
  const id = randomUUID()
  const body = JSON.stringify(toDocument(found, id))
  socket.end(
    [
      `HTTP/1.1 ${found.status} ${reasons[found.status]}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${id}`,
      "X-Content-Type-Options: nosniff",
      "Cache-Control: no-store",
      "Connection: close",
      "",
      body
    ].join("\r\n")
  )
  // Closing while the client still sends would reset the connection, and the answer would be lost (RFC 9112 §9.6).
  socket.resume()
  setTimeout(() => socket.destroy(), LINGER).unref()
}
