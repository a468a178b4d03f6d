import { createHmac } from "node:crypto"
import { Duration, Effect, Layer, Redacted, Schema } from "effect"
import { Client } from "../../src/domain/Client.ts"
import { EventId } from "../../src/domain/event/SecurityEvent.ts"
import { Identifiers } from "../../src/domain/Identifiers.ts"
import { CommonPasswords } from "../../src/domain/identity/CommonPasswords.ts"
import { PasswordHash, PasswordHasher } from "../../src/domain/identity/PasswordHasher.ts"
import { UserId } from "../../src/domain/identity/User.ts"
import { SessionId } from "../../src/domain/session/Session.ts"
import { SessionSecret } from "../../src/domain/session/SessionSecret.ts"
import { SessionSettings } from "../../src/domain/session/SessionSettings.ts"
import { TokenInvalid } from "../../src/domain/token/TokenError.ts"
import { TokenId } from "../../src/domain/token/TokenId.ts"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { KeyId, TokenSigner } from "../../src/domain/token/TokenSigner.ts"
import type { Audience } from "../../src/infra/change/Audience.ts"
import type { Database } from "../../src/infra/database/Database.ts"
import { anyDatabase, ports } from "./database.ts"

const mac = (text: string) => createHmac("sha256", "a key for tests").update(text).digest("base64url")

/** A caller for use cases that want one. */
export const somebody = new Client({ ipAddress: "192.0.2.1", userAgent: "test" })

/** Counted, so that a run can be repeated; unguessable they need not be here. */
const identifiers = Layer.sync(Identifiers, () => {
  let count = 0
  const next = (length: number, base: number) => (count++).toString(base).padStart(length, "0")
  return Identifiers.of({
    user: Effect.sync(() => UserId.make(`user_${next(16, 16)}`)),
    session: Effect.sync(() => SessionId.make(`sess_${next(16, 16)}`)),
    secret: Effect.sync(() => SessionSecret.make(Redacted.make(next(64, 36)))),
    token: Effect.sync(() => TokenId.make(next(22, 36))),
    event: Effect.sync(() => EventId.make(`event_${next(16, 16)}`))
  })
})

const hash = (password: Redacted.Redacted<string>) =>
  PasswordHash.make(Redacted.make(`$test$${mac(Redacted.value(password))}`))

/** As quick as the real one is slow. */
const passwordHasher = Layer.succeed(
  PasswordHasher,
  PasswordHasher.of({
    hash: (password) => Effect.sync(() => hash(password)),
    verify: (password, expected) =>
      Effect.sync(() => ({ matches: Redacted.value(hash(password)) === Redacted.value(expected), outdated: false })),
    verifyNothing: () => Effect.void,
    accepts: (given) => Redacted.value(given).startsWith("$test$")
  })
)

const KEY = KeyId.make("test")
const Header = Schema.fromJsonString(Schema.Struct({ typ: Schema.String, kid: Schema.Literal(KEY) }))
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const decode = (part: string) => Buffer.from(part, "base64url").toString()

/** Deterministic as RS256 is: the same claims are the same string. */
const tokenSigner = Layer.succeed(
  TokenSigner,
  TokenSigner.of({
    currentKey: Effect.succeed(KEY),
    publicKeys: Effect.succeed([]),
    sign: (typ, claims, kid) =>
      Effect.sync(() => {
        const signed = `${encode({ typ, kid })}.${encode(claims)}`
        return Redacted.make(`${signed}.${mac(signed)}`)
      }),
    open: Effect.fnUntraced(function* (token) {
      const [header = "", claims = "", signature = ""] = Redacted.value(token).split(".")
      if (mac(`${header}.${claims}`) !== signature) return yield* new TokenInvalid({ reason: "signature" })
      const { typ } = yield* Effect.orDie(Schema.decodeEffect(Header)(decode(header)))
      const read: unknown = JSON.parse(decode(claims))
      return { type: typ, claims: read, until: Number.POSITIVE_INFINITY }
    })
  })
)

export const tokenSettings = {
  issuer: "http://localhost",
  audience: "keyhole",
  accessTtl: Duration.minutes(30),
  refreshTtl: Duration.days(7),
  refreshGrace: Duration.seconds(10),
  leeway: Duration.seconds(5)
}

export const sessionSettings = { atMost: 10, ttl: Duration.hours(24), max: Duration.days(30), idle: null }

/** What the use cases need beside the stores. */
const surroundings = Layer.mergeAll(
  identifiers,
  passwordHasher,
  tokenSigner,
  Layer.succeed(CommonPasswords, { isCommon: Effect.succeed((password: string) => password === "password1234567") }),
  Layer.succeed(TokenSettings, tokenSettings),
  Layer.succeed(SessionSettings, sessionSettings)
)

/** The use cases' ports over a database. */
export const over = <E, R>(database: Layer.Layer<Audience | Database, E, R>) =>
  Layer.merge(Layer.provideMerge(ports, database), surroundings)

export const useCases = over(anyDatabase)
