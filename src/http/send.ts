import type { ServerResponse } from "node:http"
import { Duration, Effect, Stream } from "effect"
import type { Reply } from "./Reply.ts"
import type { Fields } from "./securityHeaders.ts"

/** How long a client may take nothing of an answer that waits for it, with all that the answer holds open (CWE-400). */
const PATIENCE = Duration.minutes(1)

/** A client that has stopped reading is as good as gone. */
const patiently = <A, E, R>(wait: Effect.Effect<A, E, R>) =>
  Effect.timeoutOrElse(wait, { duration: PATIENCE, orElse: () => Effect.interrupt })

const drained = (response: ServerResponse) =>
  Effect.callback<void>((resume) => {
    const ready = () => resume(Effect.void)
    response.once("drain", ready)
    return Effect.sync(() => response.off("drain", ready))
  })

const finished = (response: ServerResponse) =>
  Effect.callback<void>((resume) => {
    response.end(() => resume(Effect.void))
  })

/** Where a field is among others, or where it would come. */
const placeOf = (name: string, fields: Fields): number => {
  for (let at = 0; at < fields.length; at += 2) {
    const other = fields[at] ?? ""
    if (other.length === name.length && other.toLowerCase() === name.toLowerCase()) return at
  }
  return fields.length
}

/** The header fields of an answer: what all say, unless it says otherwise itself. */
const fieldsOf = (response: ServerResponse, always: Fields, own: Reply["headers"]): Fields => {
  const fields = [...always]
  for (const name in own) {
    const value = own[name] ?? ""
    // What else the answer varies with was said before (RFC 9110 §12.5.5).
    if (name === "Vary") response.appendHeader(name, value)
    else fields.splice(placeOf(name, fields), 2, name, value)
  }
  return fields
}

/** As much as goes out at once. What is longer waits for the client piece by piece, and for one that takes nothing not for ever. */
const AT_ONCE = 64 * 1024

/** An answer that is there as a whole, and short: it goes out at once. */
export interface Whole extends Reply {
  readonly body: string | Uint8Array
}

export const isWhole = <R>(reply: Reply<R>): reply is Whole =>
  reply.body !== null && !Stream.isStream(reply.body) && Buffer.byteLength(reply.body) <= AT_ONCE

/**
 * All fields at once: one by one Node takes several times as long. RFC 9110 §9.3.2: HEAD has the header fields of GET and no
 * content; Node leaves the content out.
 */
export const sendWhole = (response: ServerResponse, { status, headers, body }: Whole, always: Fields): void => {
  const fields = fieldsOf(response, always, headers)
  response.writeHead(status, [...fields, "Content-Length", String(Buffer.byteLength(body))]).end(body)
}

const inPieces = (body: Uint8Array): Stream.Stream<Uint8Array> =>
  Stream.map(Stream.range(0, Math.ceil(body.length / AT_ONCE) - 1), (at) =>
    body.subarray(at * AT_ONCE, (at + 1) * AT_ONCE)
  )

const begin = (response: ServerResponse, status: number, fields: Fields): void => {
  response.statusCode = status
  for (let at = 0; at < fields.length; at += 2) response.setHeader(fields[at] ?? "", fields[at + 1] ?? "")
}

/** Sends a body only as fast as the client takes it; done when its last byte has gone. */
const flow = <E, R>(method: string, response: ServerResponse, body: Stream.Stream<Uint8Array, E, R>) => {
  const end = patiently(finished(response))
  if (method === "HEAD") return end
  return Stream.runForEach(body, (chunk) =>
    Effect.suspend(() => (response.write(chunk) ? Effect.void : patiently(drained(response))))
  ).pipe(Effect.andThen(end))
}

/** Sends a reply; a stream only as fast as the client takes it, and done when its last byte has gone. */
export const send = <R>(method: string, response: ServerResponse, reply: Reply<R>, always: Fields = []) => {
  if (isWhole(reply)) return Effect.sync(() => sendWhole(response, reply, always))
  const { status, headers, body } = reply
  const fields = fieldsOf(response, always, headers)
  if (body !== null && !Stream.isStream(body)) {
    const bytes = typeof body === "string" ? Buffer.from(body) : body
    begin(response, status, [...fields, "Content-Length", String(bytes.length)])
    return flow(method, response, inPieces(bytes))
  }
  begin(response, status, fields)
  return body === null ? Effect.sync(() => void response.end()) : flow(method, response, body)
}
