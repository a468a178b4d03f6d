import { Clock, DateTime, Effect, Option, Redacted, Result, Schema } from "effect"
import type { BearerChallenge } from "../../domain/registry/challenge.ts"
import { decodeJson, nullable } from "../../domain/registry/json.ts"
import type { RegistryCredential } from "../../domain/registry/RegistryCredentials.ts"
import { RegistryDenied, RegistryNotAllowed, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import { renewAt } from "../../domain/registry/tokenLifetime.ts"
import { discard, inTime, readBody } from "./body.ts"
import type { Answer, AttemptError, Request, Send } from "./Exchange.ts"
import { refuseNotNow, retrying } from "./retry.ts"
import type { Settings } from "./RegistrySettings.ts"

/** What is asked of a token server, and what to show it; no credential means an anonymous token. */
export interface TokenRequest {
  readonly realm: URL
  readonly service: BearerChallenge["service"]
  readonly scopes: ReadonlyArray<string>
  readonly credential: Option.Option<RegistryCredential>
  readonly registry: string
  readonly repository: string
}

/** A proof to send with requests, and when to get a new one, in milliseconds since the epoch. */
export interface Proof {
  readonly authorization: Redacted.Redacted
  readonly renewAt: number
}

const LIMIT = 64 * 1024

const Granted = Schema.Struct({
  token: nullable(Schema.String),
  access_token: nullable(Schema.String),
  expires_in: nullable(Schema.Number),
  issued_at: nullable(Schema.String)
})

/** RFC 7617: the user's name and password, in UTF-8. */
export const basic = (credential: RegistryCredential): Redacted.Redacted =>
  Redacted.make(
    `Basic ${Buffer.from(`${credential.username}:${Redacted.value(credential.password)}`, "utf8").toString("base64")}`
  )

const byGet = (asked: TokenRequest): Request => {
  const url = new URL(asked.realm)
  if (asked.service !== undefined) url.searchParams.set("service", asked.service)
  for (const scope of asked.scopes) url.searchParams.append("scope", scope)
  return {
    method: "GET",
    url,
    hop: "realm",
    headers: { Accept: "application/json" },
    ...(Option.isSome(asked.credential) ? { authorization: basic(asked.credential.value) } : {})
  }
}

/** OAuth2 (RFC 6749 §6), for those who have an identity token in place of a password. */
const byPost = (asked: TokenRequest, identityToken: Redacted.Redacted): Request => {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "keyhole",
    ...(asked.service === undefined ? {} : { service: asked.service }),
    scope: asked.scopes.join(" "),
    refresh_token: Redacted.value(identityToken)
  }).toString()
  return {
    method: "POST",
    url: asked.realm,
    hop: "realm",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": String(Buffer.byteLength(form))
    },
    body: Redacted.make(form)
  }
}

const time = (text: string | null | undefined): number | undefined =>
  Option.getOrUndefined(Option.map(DateTime.make(text ?? ""), DateTime.toEpochMillis))

/** What a token is made of (RFC 6750 §2.1), so that none can smuggle a header of its own. */
const TOKEN = /^[\x21-\x7e]+$/u

const proof = (answer: Answer, body: Uint8Array | undefined, now: number): Option.Option<Proof> => {
  const json = body === undefined ? Result.fail("too long") : decodeJson(body)
  const granted = Result.flatMap(json, Schema.decodeUnknownResult(Granted))
  if (Result.isFailure(granted)) return Option.none()
  const { token, access_token, expires_in, issued_at } = granted.success
  const value = token || access_token || ""
  if (!TOKEN.test(value)) return Option.none()
  const issuedAt = time(issued_at)
  const serverNow = Date.parse(answer.header("date") ?? "")
  return Option.some({
    authorization: Redacted.make(`Bearer ${value}`),
    renewAt: renewAt(
      {
        ...(typeof expires_in === "number" ? { expiresInSeconds: expires_in } : {}),
        ...(issuedAt === undefined ? {} : { issuedAt }),
        ...(Number.isNaN(serverNow) ? {} : { serverNow })
      },
      now
    )
  })
}

/** Asks a token server for leave to read. Redirects are not followed: the realm that was named answers, or nobody. */
export const requestToken = (send: Send<AttemptError>, asked: TokenRequest, settings: Settings) =>
  Effect.gen(function* () {
    const identityToken = Option.flatMapNullishOr(asked.credential, (credential) => credential.identityToken)
    const first = Option.isSome(identityToken)
      ? yield* send(byPost(asked, identityToken.value))
      : yield* send(byGet(asked))
    const isPostUnknown = Option.isSome(identityToken) && (first.status === 404 || first.status === 405)
    const answer = isPostUnknown ? yield* Effect.andThen(discard(first), send(byGet(asked))) : first

    const { status } = yield* refuseNotNow(answer)
    const host = asked.realm.host
    if (status >= 300 && status < 400) {
      return yield* new RegistryNotAllowed({ host, hop: "realm", reason: "token requests follow no redirect" })
    }
    if (status === 400 || status === 401 || status === 403) {
      return yield* new RegistryDenied({ registry: asked.registry, repository: asked.repository })
    }
    if (status !== 200) {
      return yield* new RegistryUnreachable({ host, reason: `its token server answered with status ${status}` })
    }
    const body = yield* readBody(answer, LIMIT, settings.idleTimeout)
    const found = proof(answer, body, yield* Clock.currentTimeMillis)
    if (Option.isSome(found)) return found.value
    return yield* new RegistryUnreachable({ host, reason: "its token server's answer holds no token" })
  }).pipe(Effect.scoped, inTime(settings, asked.realm.host), (work) => retrying(work, settings))
