import type { ServerResponse } from "node:http"
import { Duration, Effect, Stream } from "effect"
import type { Reply } from "./Reply.ts"

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

/** Sends a reply; a stream only as fast as the client takes it, and done when its last byte has gone. */
export const send = <R>(method: string, response: ServerResponse, { status, headers, body }: Reply<R>) => {
  response.statusCode = status
  for (const name in headers) {
    // What else the answer varies with was said before (RFC 9110 §12.5.5).
    if (name === "Vary") response.appendHeader(name, headers[name] ?? "")
    else response.setHeader(name, headers[name] ?? "")
  }
  if (!Stream.isStream(body)) {
    return Effect.sync(() => {
      // RFC 9110 §9.3.2: HEAD has the header fields of GET and no content; Node leaves the content out.
      if (body === null) response.end()
      else response.setHeader("Content-Length", Buffer.byteLength(body)).end(body)
    })
  }
  const end = patiently(finished(response))
  if (method === "HEAD") return end
  return Stream.runForEach(body, (chunk) =>
    Effect.suspend(() => (response.write(chunk) ? Effect.void : patiently(drained(response))))
  ).pipe(Effect.andThen(end))
}
