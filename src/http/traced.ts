import { Effect, Stream, Tracer } from "effect"
import type { Reply } from "./Reply.ts"
import type { Route } from "./route.ts"

const inside =
  (span: Tracer.Span) =>
  <R>(reply: Reply<R>): Reply<R> => {
    span.attribute("http.response.status_code", reply.status)
    return Stream.isStream(reply.body)
      ? { ...reply, body: Stream.provideService(reply.body, Tracer.ParentSpan, span) }
      : reply
  }

/**
 * The route, each request to it a trace that ends with the answer's last byte. It has the pattern's name, not the path's. What
 * a client says of a trace of its own is not believed: it would choose what is found together.
 */
export const traced = <R>(route: Route<R>): Route<R> => {
  const { method, path } = route.endpoint
  const attributes = { "http.request.method": method, "http.route": path }
  return {
    ...route,
    handle: Effect.fnUntraced(function* (...given) {
      const span = yield* Effect.makeSpanScoped(`${method} ${path}`, { kind: "server", root: true, attributes })
      const handled = Effect.provideService(route.handle(...given), Tracer.ParentSpan, span)
      return yield* handled.pipe(
        Effect.tapError(({ _tag }) => Effect.sync(() => span.attribute("error.type", _tag))),
        Effect.map(inside(span))
      )
    })
  }
}
