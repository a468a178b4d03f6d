import type { IncomingMessage, ServerResponse } from "node:http"
import { hasBody } from "./readBody.ts"

type Serve = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Serves what has come in one turn of the event loop when all of it has been read: what a request has to look at first is then
 * looked at once for all of them, and nobody's look is older than their last byte (docs/adr/0060). What has a body is served at
 * once: it waits for that and looks again then, and until somebody takes them its pieces lie about as they came.
 */
export const gathered = (serve: Serve): Serve => {
  let come: Array<readonly [IncomingMessage, ServerResponse]> = []
  const serveAll = () => {
    const all = come
    come = []
    // Whoever has gone meanwhile is not there to be answered.
    for (const [request, response] of all) if (!response.destroyed) serve(request, response)
  }
  return (request, response) => {
    if (hasBody(request)) serve(request, response)
    else if (come.push([request, response]) === 1) setImmediate(serveAll)
  }
}
