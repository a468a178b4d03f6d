import { Effect, Stream } from "effect"
import type { Response } from "express"
import type { Reply } from "./Reply.ts"

const drained = (response: Response) =>
  Effect.callback<void>((resume) => {
    const ready = () => resume(Effect.void)
    response.once("drain", ready)
    return Effect.sync(() => response.off("drain", ready))
  })

const finished = (response: Response) =>
  Effect.callback<void>((resume) => {
    response.end(() => resume(Effect.void))
  })

/** Sends a reply; a stream only as fast as the client takes it, and done when its last byte has gone. */
export const send = <R>(method: string, response: Response, { status, headers, body }: Reply<R>) => {
  response.statusCode = status
  for (const name in headers) response.setHeader(name, headers[name] ?? "")
  if (!Stream.isStream(body)) {
    return Effect.sync(() => {
      // RFC 9110 §9.3.2: HEAD has the header fields of GET and no content; Node leaves the content out.
      if (body === null) response.end()
      else response.setHeader("Content-Length", Buffer.byteLength(body)).end(body)
    })
  }
  if (method === "HEAD") return finished(response)
  return Stream.runForEach(body, (chunk) =>
    Effect.suspend(() => (response.write(chunk) ? Effect.void : drained(response)))
  ).pipe(Effect.andThen(finished(response)))
}
