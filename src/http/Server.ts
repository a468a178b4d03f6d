import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import { Context, Data, Duration, Effect, Fiber, Layer, Ref } from "effect"
import { Fleeting } from "./Fleeting.ts"
import { makeApp } from "./App.ts"
import { AllowedOrigins } from "./AllowedOrigins.ts"
import { answerUnreadable } from "./answerUnreadable.ts"
import { Draining } from "./Draining.ts"
import { gathered } from "./gathered.ts"
import type { Route } from "./route.ts"
import { ServerSettings } from "./ServerSettings.ts"
import { TrustedProxies } from "./TrustedProxies.ts"

/** The address is taken, forbidden, or not this machine's; `message` is a sentence for the operator. */
export class CannotListen extends Data.TaggedError("CannotListen")<{ readonly message: string }> {}

/** The listening server. */
export class Server extends Context.Service<Server, { readonly url: string }>()("keyhole/http/Server") {}

/** How long connections that are in use may notice, from the answers they get, that they had better go elsewhere. */
const ANNOUNCEMENT = Duration.millis(250)
/** How long what is in flight may take to finish. */
const DEADLINE = Duration.seconds(4)
/** When whoever told the service to end can be sure that nothing is in flight any more. */
export const DRAINED_WITHIN = Duration.sum(ANNOUNCEMENT, DEADLINE)

/**
 * Slow requests hold a connection no longer than this (CWE-400). That a request names its host is for the application to
 * ask: Node would refuse it without a word.
 */
const LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000, requireHostHeader: false }

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
    // Right after the event loop has accepted who had come: the system breaks off all others that wait to be accepted.
    setImmediate(() => {
      server.close(() => resume(Effect.void))
      server.closeIdleConnections()
    })
  })

/** Lets no connection outlive the answer that is under way on it. */
const closeAfter = (server: HttpServer, answers: Fleeting<ServerResponse>): void => {
  for (const answer of answers) {
    if (answer.headersSent) answer.once("close", () => server.closeIdleConnections())
    else answer.setHeader("Connection", "close")
  }
}

/** Whether a part of an answer has gone out on the connection already: nothing else may then be written there. */
const isAnswering = (answers: Fleeting<ServerResponse>, socket: Duplex): boolean =>
  [...answers].some((answer) => answer.socket === socket && answer.headersSent)

/**
 * Stops in the order in which nothing is lost: readiness says no, answers ask their connections to close, nothing new
 * is accepted, what is in flight finishes or, at the deadline, is interrupted.
 */
const drain = Effect.fnUntraced(function* (
  server: HttpServer,
  draining: Ref.Ref<boolean>,
  answers: Fleeting<ServerResponse>,
  inFlight: Fleeting<Fiber.Fiber<unknown, unknown>>
) {
  yield* Effect.logInfo(`Keyhole is ending; requests still in flight: ${inFlight.size}`)
  yield* Ref.set(draining, true)
  closeAfter(server, answers)
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
      const { host, port, trustedProxies, allowedOrigins } = yield* ServerSettings
      const draining = yield* Ref.make(false)
      const services = (yield* Effect.context<R>()).pipe(
        Context.add(Draining, draining),
        Context.add(TrustedProxies, trustedProxies),
        Context.add(AllowedOrigins, allowedOrigins)
      )
      const inFlight = new Fleeting<Fiber.Fiber<unknown, unknown>>()
      const answers = new Fleeting<ServerResponse>()
      const app = makeApp<R | Draining>(routes, services, inFlight)
      const serve = (request: IncomingMessage, response: ServerResponse): void => {
        answers.add(response)
        response.once("close", () => answers.delete(response))
        if (Ref.getUnsafe(draining)) response.setHeader("Connection", "close")
        served(request, response)
      }
      const served = gathered(app)
      const server = createServer(LIMITS, serve)
      // An expectation that is not known is not minded (RFC 9110 §10.1.1): Node would refuse it without a word.
      server.on("checkExpectation", serve)
      server.on("clientError", (error, socket) => {
        if (isAnswering(answers, socket)) socket.destroy()
        else answerUnreadable(error, socket)
      })
      yield* Effect.acquireRelease(listen(server, host, port), () => drain(server, draining, answers, inFlight))
      return { url: urlOf(server) }
    })
  )
