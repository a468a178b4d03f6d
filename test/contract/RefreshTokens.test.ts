import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Layer, Redacted } from "effect"
import { Email } from "../../src/domain/identity/Email.ts"
import { PasswordHash } from "../../src/domain/identity/PasswordHasher.ts"
import { User, UserId } from "../../src/domain/identity/User.ts"
import { UserRepository } from "../../src/domain/identity/UserRepository.ts"
import { Session, SessionId } from "../../src/domain/session/Session.ts"
import { SessionStore } from "../../src/domain/session/SessionStore.ts"
import { RefreshToken } from "../../src/domain/token/RefreshToken.ts"
import { type Consumption, RefreshTokens } from "../../src/domain/token/RefreshTokens.ts"
import { TokenId } from "../../src/domain/token/TokenId.ts"
import { KeyId } from "../../src/domain/token/TokenSigner.ts"
import { databases, ports } from "../support/database.ts"
import { somebody } from "../support/useCases.ts"

const now = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")
const later = DateTime.add(now, { seconds: 7 })
const family = SessionId.make("sess_0000000000000001")
const otherFamily = SessionId.make("sess_0000000000000002")
const ada = UserId.make("ada")

const token = (number: number, sessionId = family) =>
  new RefreshToken({
    id: TokenId.make(`${number}`.padStart(22, "0")),
    sessionId,
    userId: ada,
    keyId: KeyId.make("key"),
    issuedAt: now,
    expiresAt: DateTime.add(now, { days: 7 })
  })

const sessions = Effect.gen(function* () {
  const users = yield* UserRepository
  const store = yield* SessionStore
  const user = new User({
    id: ada,
    email: Email.make("ada@example.com"),
    name: null,
    roles: [],
    disabled: false,
    createdAt: now,
    lastLoginAt: null
  })
  yield* users.create(user, PasswordHash.make(Redacted.make("secret")))
  for (const id of [family, otherFamily]) {
    const times = { createdAt: now, lastSeenAt: now, expiresAt: later }
    yield* store.add(new Session({ id, kind: "token", userId: ada, client: somebody, closed: null, ...times }))
  }
})

const consumed: Consumption = { _tag: "Consumed" }

describe.each(databases)("RefreshTokens over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(Layer.effectDiscard(sessions), Layer.provideMerge(ports, database))

  it.effect("consumes a live token once; after that tells when it was first used, and what is live", () =>
    Effect.gen(function* () {
      const tokens = yield* RefreshTokens
      yield* tokens.begin(token(1))
      assert.deepStrictEqual(yield* tokens.consume(token(1).id, token(2), now), consumed)
      const reused = { _tag: "AlreadyConsumed", firstUsedAt: now } as const
      assert.deepStrictEqual(yield* tokens.consume(token(1).id, token(3), later), { ...reused, live: token(2) })
      assert.deepStrictEqual(yield* tokens.consume(token(2).id, token(4), later), consumed)
      assert.deepStrictEqual(yield* tokens.consume(token(1).id, token(5), later), { ...reused, live: token(4) })
    }).pipe(Effect.provide(layer))
  )

  it.effect("knows no token that was never begun, nor a successor that was not needed", () =>
    Effect.gen(function* () {
      const tokens = yield* RefreshTokens
      assert.deepStrictEqual(yield* tokens.consume(token(9).id, token(2), now), { _tag: "Unknown" })
      yield* tokens.begin(token(1))
      yield* tokens.consume(token(1).id, token(2), now)
      yield* tokens.consume(token(1).id, token(3), now)
      assert.deepStrictEqual(yield* tokens.consume(token(3).id, token(4), now), { _tag: "Unknown" })
    }).pipe(Effect.provide(layer))
  )

  it.effect("calls exactly one token of a family live, and none in another family", () =>
    Effect.gen(function* () {
      const tokens = yield* RefreshTokens
      yield* tokens.begin(token(1))
      yield* tokens.consume(token(1).id, token(2), now)
      const live = yield* Effect.filter([1, 2, 3], (number) => tokens.isLive(token(number).id, family))
      assert.deepStrictEqual(live, [2])
      assert.isFalse(yield* tokens.isLive(token(2).id, otherFamily))
    }).pipe(Effect.provide(layer))
  )

  it.effect("never continues a family in another session", () =>
    Effect.gen(function* () {
      const tokens = yield* RefreshTokens
      yield* tokens.begin(token(1))
      const stranger = token(2, otherFamily)
      assert.deepStrictEqual(yield* tokens.consume(token(1).id, stranger, now), { _tag: "Unknown" })
      assert.deepStrictEqual(yield* tokens.consume(token(1).id, token(3), now), consumed)
    }).pipe(Effect.provide(layer))
  )

  it.effect("lets one of fifty concurrent uses consume, and shows all others the same live token", () =>
    Effect.gen(function* () {
      const tokens = yield* RefreshTokens
      yield* tokens.begin(token(0))
      const successors = Array.from({ length: 50 }, (_, index) => token(index + 1))
      const outcomes = yield* Effect.forEach(
        successors,
        (successor) => Effect.map(tokens.consume(token(0).id, successor, now), (outcome) => ({ successor, outcome })),
        { concurrency: "unbounded" }
      )
      const [winner, ...others] = outcomes.filter(({ outcome }) => outcome._tag === "Consumed")
      assert.isDefined(winner)
      assert.deepStrictEqual(others, [])
      for (const { outcome } of outcomes) {
        if (outcome._tag === "Consumed") continue
        assert.deepStrictEqual(outcome, { _tag: "AlreadyConsumed", firstUsedAt: now, live: winner.successor })
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("refuses a second live token in a family, whoever asks", () =>
    Effect.gen(function* () {
      const tokens = yield* RefreshTokens
      yield* tokens.begin(token(1))
      assert.isTrue(Exit.hasDies(yield* Effect.exit(tokens.begin(token(2)))))
    }).pipe(Effect.provide(layer))
  )
})
