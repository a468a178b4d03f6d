import * as http from "node:http"
import * as https from "node:https"
import { getCACertificates } from "node:tls"
import { Duration, Effect, Redacted, type Scope } from "effect"
import { RegistryTimeout, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import { connectionError } from "./connectionError.ts"
import type { Answer, AttemptError, Send } from "./Exchange.ts"
import { bareHost, pinnedLookup } from "./pinnedLookup.ts"
import type { Settings } from "./RegistrySettings.ts"
import type { Resolver } from "./Resolver.ts"

const answerOf = (url: URL, message: http.IncomingMessage): Answer => ({
  url,
  status: message.statusCode ?? 0,
  header: (name) => message.headersDistinct[name]?.[0],
  fields: (name) => message.headersDistinct[name] ?? [],
  message
})

/** Waits for the first line of the answer; both ways of being slow end in a timeout. */
const answered = (request: http.ClientRequest, url: URL, settings: Settings): Effect.Effect<Answer, AttemptError> =>
  Effect.callback<Answer, AttemptError>((resume) => {
    const timeout = () => resume(Effect.fail(new RegistryTimeout({ host: url.host })))
    let timer = setTimeout(timeout, Duration.toMillis(settings.connectTimeout))
    const connected = () => {
      clearTimeout(timer)
      timer = setTimeout(timeout, Duration.toMillis(settings.headersTimeout))
    }
    request.once("socket", (socket) => {
      if (!socket.connecting && request.reusedSocket) return connected()
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", connected)
    })
    request.once("response", (message) => {
      clearTimeout(timer)
      // A connection that breaks later is the body reader's matter; unheard it would end the process.
      message.on("error", () => undefined)
      resume(Effect.succeed(answerOf(url, message)))
    })
    // Nothing but HTTP was asked for; an answer in another protocol would be waited for in vain.
    request.once("upgrade", (_message, socket) => {
      clearTimeout(timer)
      socket.destroy()
      resume(Effect.fail(new RegistryUnreachable({ host: url.host, reason: "its answer is not HTTP" })))
    })
    request.on("error", (error) => {
      clearTimeout(timer)
      resume(Effect.fail(connectionError(url, error)))
    })
    request.end()
    return Effect.sync(() => clearTimeout(timer))
  })

/** A private set of connections. Closing its scope destroys every one of them, whatever they were doing. */
export const connect = (
  settings: Settings,
  resolver: Resolver["Service"]
): Effect.Effect<Send<AttemptError>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const ca = settings.authorities.length === 0 ? undefined : [...getCACertificates(), ...settings.authorities]
    const agents = yield* Effect.acquireRelease(
      Effect.sync(() => ({
        "http:": new http.Agent({ keepAlive: true }),
        "https:": new https.Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) })
      })),
      (made) =>
        Effect.sync(() => {
          made["http:"].destroy()
          made["https:"].destroy()
        })
    )
    const lookupFor = pinnedLookup(settings, resolver)

    return Effect.fnUntraced(function* (request) {
      const { url } = request
      const lookup = yield* lookupFor(url, request.hop)
      const secure = url.protocol === "https:"
      const made = yield* Effect.acquireRelease(
        Effect.sync(() =>
          (secure ? https : http).request({
            agent: agents[secure ? "https:" : "http:"],
            method: request.method,
            hostname: bareHost(url),
            port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
            path: url.pathname + url.search,
            lookup,
            headers: {
              Host: url.host,
              "User-Agent": "keyhole",
              // A decoded body has other offsets and another digest than the one asked for.
              "Accept-Encoding": "identity",
              ...request.headers,
              ...(request.authorization === undefined ? {} : { Authorization: Redacted.value(request.authorization) })
            }
          })
        ),
        (sent) => Effect.sync(() => sent.destroy())
      )
      if (request.body !== undefined) made.write(Redacted.value(request.body))
      return yield* answered(made, url, settings)
    })
  })
