import * as http from "node:http"
import * as https from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { getCACertificates } from "node:tls"
import { Duration, Effect, Redacted, type Scope } from "effect"
import { allowAddresses, allowUrl, hostPort } from "../../domain/registry/egress.ts"
import { RegistryTimeout, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import { type Answer, type AttemptError, ConnectionLost, type Request, type Send } from "./Exchange.ts"
import type { Settings } from "./RegistrySettings.ts"
import type { Resolver } from "./Resolver.ts"

// What may go differently the next time; everything else (refused, no such host, a bad certificate) would not.
const PASSING = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "HPE_INVALID_EOF_STATE"])

const REASONS: ReadonlyArray<readonly [code: RegExp, reason: string]> = [
  [/^ECONNREFUSED$/u, "the connection was refused"],
  [/^E(?:HOST|NET)UNREACH$/u, "there is no route to it"],
  [/^HPE_HEADER_OVERFLOW$/u, "its answer's header is too big"],
  [/^HPE_/u, "its answer is not HTTP"],
  [/^EPROTO$|WRONG_VERSION/u, "it does not speak TLS; for plain HTTP, KEYHOLE_REGISTRY_INSECURE has to list it"],
  [/CERT|TLS|SSL/u, "its certificate or TLS was not accepted"]
]

/** Nothing of the error itself is kept: its message may quote what was sent or received. */
const connectionError = (url: URL, error: Error): ConnectionLost | RegistryUnreachable => {
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  if (PASSING.has(code)) return new ConnectionLost({ host: url.host, reason: "the connection was lost" })
  const reason = REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? "the connection failed"
  return new RegistryUnreachable({ host: url.host, reason })
}

const answerOf = (url: URL, message: http.IncomingMessage): Answer => ({
  url,
  status: message.statusCode ?? 0,
  header: (name) => message.headersDistinct[name]?.[0],
  fields: (name) => message.headersDistinct[name] ?? [],
  message
})

/** A socket is given only the addresses that were checked; there is no second look-up between check and use. */
const pinned =
  (addresses: ReadonlyArray<string>): LookupFunction =>
  (_name, options, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }))
    const [first] = found
    if (options.all === true) callback(null, found)
    else callback(null, first?.address ?? "", first?.family)
  }

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
    const resolved = new Map<string, ReadonlyArray<string>>()

    /** Every request is checked, those to a host met before too; a name is resolved once. */
    const addresses = Effect.fnUntraced(function* (url: URL, hop: Request["hop"]) {
      yield* Effect.fromResult(allowUrl(url, hop, settings))
      const name = url.hostname.replace(/^\[|\]$/gu, "")
      const known = isIP(name) === 0 ? resolved.get(hostPort(url)) : [name]
      const found =
        known ??
        (yield* resolver.resolve(name).pipe(
          Effect.mapError((error) =>
            error.isTemporary
              ? new ConnectionLost({ host: url.host, reason: "its name could not be resolved just now" })
              : new RegistryUnreachable({ host: url.host, reason: "there is no such host" })
          ),
          Effect.timeoutOrElse({
            duration: settings.connectTimeout,
            orElse: () => Effect.fail(new RegistryTimeout({ host: url.host }))
          })
        ))
      const allowed = yield* Effect.fromResult(allowAddresses(url, hop, found, settings))
      if (allowed.length === 0)
        return yield* new RegistryUnreachable({ host: url.host, reason: "there is no such host" })
      resolved.set(hostPort(url), allowed)
      return allowed
    })

    return Effect.fnUntraced(function* (request) {
      const { url } = request
      const lookup = pinned(yield* addresses(url, request.hop))
      const secure = url.protocol === "https:"
      const made = yield* Effect.acquireRelease(
        Effect.sync(() =>
          (secure ? https : http).request({
            agent: agents[secure ? "https:" : "http:"],
            method: request.method,
            hostname: url.hostname.replace(/^\[|\]$/gu, ""),
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
