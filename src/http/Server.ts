import { createServer, type Server as HttpServer } from "node:http"
import { Context, Data, Duration, Effect, Fiber, Layer, Ref } from "effect"
import { makeApp } from "./App.ts"
import { answerUnreadable } from "./answerUnreadable.ts"
import { Draining } from "./Draining.ts"
import type { Route } from "./route.ts"
import { ServerSettings } from "./ServerSettings.ts"

/** The address is taken, forbidden, or not this machine's; `message` is a sentence for the operator. */
export class CannotListen extends Data.TaggedError("CannotListen")<{ readonly message: string }> {}

/** The listening server. */
export class Server extends Context.Service<Server, { readonly url: string }>()("keyhole/http/Server") {}

/** How long connections that are in use may notice, from the answers they get, that they had better go elsewhere. */
const ANNOUNCEMENT = Duration.millis(250)
/** How long what is in flight may take to finish. */
const DEADLINE = Duration.seconds(4)

/** Slow clients hold a connection no longer than this (CWE-400). */
const LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 }

const listen = (server: HttpServer, host: string, port: number) =>
  Effect.callback<void, CannotListen>((resume) => {
    server.once("error", (error) => {
      const message = `Keyhole cannot listen on HOST ${host}, PORT ${port}: ${error.message}.`
      resume(Effect.fail(new CannotListen({ message })))
    })
    server.listen(port, host, () => resume(Effect.void))
  })

const closed = (server: HttpServer) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeIdleConnections()
  })

/**
 * Stops in the order in which nothing is lost: readiness says no, answers ask their connections to close, nothing new
 * is accepted, what is in flight finishes or, at the deadline, is interrupted.
 */
const drain = Effect.fnUntraced(function* (
  server: HttpServer,
  draining: Ref.Ref<boolean>,
  inFlight: ReadonlySet<Fiber.Fiber<unknown, unknown>>
) {
  yield* Ref.set(draining, true)
  const connections = yield* Effect.callback<number>((resume) => {
    server.getConnections((_error, count) => resume(Effect.succeed(count)))
  })
  if (connections > 0) yield* Effect.sleep(ANNOUNCEMENT)
  yield* Effect.timeoutOrElse(closed(server), { duration: DEADLINE, orElse: () => Effect.void })
  yield* Fiber.interruptAll(inFlight)
  yield* Effect.sync(() => server.closeAllConnections())
})

const urlOf = (server: HttpServer): string => {
  const address = server.address()
  if (address === null || typeof address === "string") return String(address)
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

/** Listens as long as the layer lives. */
export const layer = <R>(routes: ReadonlyArray<Route<R | Draining>>) =>
  Layer.effect(
    Server,
    Effect.gen(function* () {
      const { host, port } = yield* ServerSettings
      const draining = yield* Ref.make(false)
      const services = Context.add(yield* Effect.context<R>(), Draining, draining)
      const inFlight = new Set<Fiber.Fiber<unknown, unknown>>()
      const app = makeApp<R | Draining>(routes, services, inFlight)
      const server = createServer(LIMITS, (request, response) => {
        if (Ref.getUnsafe(draining)) response.setHeader("Connection", "close")
        app(request, response)
      })
      server.on("clientError", answerUnreadable)
      yield* Effect.acquireRelease(listen(server, host, port), () => drain(server, draining, inFlight))
      return { url: urlOf(server) }
    })
  )
