import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signInWithCookie } from "../../../src/domain/identity/signInWithCookie.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { close } from "../../../src/domain/session/close.ts"
import { closeEnded } from "../../../src/domain/session/closeEnded.ts"
import { recognize } from "../../../src/domain/session/recognize.ts"
import { SessionSecret } from "../../../src/domain/session/SessionSecret.ts"
import { SessionSettings } from "../../../src/domain/session/SessionSettings.ts"
import { SessionStore } from "../../../src/domain/session/SessionStore.ts"
import { sessionSettings, somebody, useCases } from "../../support/useCases.ts"

const credentials = { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple") }

/** Ten minutes unused, half an hour in all. */
const brief = { ...sessionSettings, ttl: Duration.minutes(10), max: Duration.minutes(30) }

const signedIn = Effect.gen(function* () {
  yield* register({ ...credentials, name: null }, somebody)
  return yield* signInWithCookie(credentials, undefined, somebody)
})

const refusal = (secret: SessionSecret) => Effect.map(Effect.flip(recognize(secret)), ({ _tag }) => _tag)

describe("a cookie", () => {
  it.effect("tells who comes, with what they may do, as long as it is used", () =>
    Effect.gen(function* () {
      const { secret, session, user, grants } = yield* signedIn
      for (const _ of [1, 2, 3]) {
        const principal = yield* recognize(secret)
        assert.deepInclude(principal, { sessionId: session.id, kind: "cookie", grants })
        assert.strictEqual(principal.user.id, user.id)
        yield* TestClock.adjust("9 minutes")
      }
      assert.strictEqual((yield* recognize(secret)).sessionId, session.id)
      yield* TestClock.adjust("3 minutes")
      assert.strictEqual(yield* refusal(secret), "TokenExpired")
    }).pipe(Effect.provideService(SessionSettings, brief), Effect.provide(useCases))
  )

  it.effect("is worth nothing when it is nobody's, left unused, closed, or its user is disabled or gone", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      assert.strictEqual(yield* refusal(SessionSecret.make(Redacted.make("made up"))), "TokenInvalid")
      const { secret, user } = yield* signedIn
      yield* users.setDisabled(user.id, true)
      assert.strictEqual(yield* refusal(secret), "TokenRevoked")
      yield* users.setDisabled(user.id, false)
      const again = yield* signInWithCookie(credentials, secret, somebody)
      assert.strictEqual(yield* refusal(secret), "TokenRevoked")
      yield* recognize(again.secret)
      yield* TestClock.adjust(sessionSettings.ttl)
      assert.strictEqual(yield* refusal(again.secret), "TokenExpired")
      yield* close(again.session, "closed-by-administrator", somebody, null)
      assert.strictEqual(yield* refusal(again.secret), "TokenRevoked")
    }).pipe(Effect.provide(useCases))
  )
})

describe("one session more than a user may have", () => {
  it.effect("takes the place of the oldest", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const first = yield* signedIn
      for (const _ of [1, 2]) {
        yield* TestClock.adjust("1 minute")
        yield* signInWithCookie(credentials, undefined, somebody)
      }
      const [newest, ...rest] = yield* sessions.liveOf(first.user.id, yield* DateTime.now)
      assert.lengthOf(rest, 1)
      assert.notInclude([newest?.id, rest[0]?.id], first.session.id)
      assert.strictEqual(Option.getOrThrow(yield* sessions.find(first.session.id)).closed?.reason, "superseded")
    }).pipe(Effect.provideService(SessionSettings, { ...sessionSettings, atMost: 2 }), Effect.provide(useCases))
  )
})

describe("sessions whose time is over", () => {
  it.effect("are closed, those that ended first before the others, and nobody did it", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const { page } = yield* EventLog
      const first = yield* signedIn
      yield* TestClock.adjust("1 hour")
      const second = yield* signInWithCookie(credentials, undefined, somebody)
      assert.strictEqual(yield* closeEnded(10), 0)
      yield* TestClock.adjust(sessionSettings.ttl)
      assert.strictEqual(yield* closeEnded(1), 1)
      const reasonOf = (id: typeof first.session.id) =>
        Effect.map(sessions.find(id), (found) => Option.getOrThrow(found).closed?.reason)
      assert.deepStrictEqual(
        [yield* reasonOf(first.session.id), yield* reasonOf(second.session.id)],
        ["expired", undefined]
      )
      const [event] = yield* page({ limit: 1 })
      assert.deepInclude(event, { type: "session.closed", actorId: null, ipAddress: null, userAgent: null })
      assert.strictEqual(yield* closeEnded(10), 1)
      assert.strictEqual(yield* closeEnded(10), 0)
      assert.strictEqual(yield* reasonOf(second.session.id), "expired")
    }).pipe(Effect.provide(useCases))
  )
})
