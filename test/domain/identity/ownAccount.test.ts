import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Layer, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import type { Principal } from "../../../src/domain/access/Principal.ts"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { changePassword } from "../../../src/domain/identity/changePassword.ts"
import { deleteOwn, deleteUser } from "../../../src/domain/identity/deleteUser.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { PasswordHash, PasswordHasher } from "../../../src/domain/identity/PasswordHasher.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { rename } from "../../../src/domain/identity/rename.ts"
import { signIn } from "../../../src/domain/identity/signIn.ts"
import { signInWithCookie } from "../../../src/domain/identity/signInWithCookie.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { SessionSecret } from "../../../src/domain/session/SessionSecret.ts"
import { SessionStore } from "../../../src/domain/session/SessionStore.ts"
import { isRevoked } from "../../../src/domain/token/revocation.ts"
import { TokenSettings } from "../../../src/domain/token/TokenSettings.ts"
import { somebody, tokenSettings, useCases } from "../../support/useCases.ts"

const current = Redacted.make("correct horse battery staple")
const next = Redacted.make("a harbour in the morning")
const other = Redacted.make("a meadow in the evening")
const email = Email.make("ada@example.com")

const hashOf = (password: Redacted.Redacted<string>, salt: number) =>
  PasswordHash.make(Redacted.make(`${Redacted.value(password)}#${salt}`))

type Meanwhile = Effect.Effect<unknown, never, SessionStore | UserRepository>

/**
 * Salted, as the real one is; `meanwhile` happens while the new password is hashed for the first time, or the current one
 * verified.
 */
const hasher = (meanwhile: Meanwhile, during: "hash" | "verify") =>
  Layer.effect(
    PasswordHasher,
    Effect.gen(function* () {
      const stores = yield* Effect.context<SessionStore | UserRepository>()
      let salt = 0
      let isFirst = true
      const happening = Effect.suspend(() => {
        if (!isFirst) return Effect.void
        isFirst = false
        return Effect.provide(meanwhile, stores)
      })
      return PasswordHasher.of({
        hash: (password) =>
          Effect.as(
            during === "hash" && Redacted.value(password) === Redacted.value(next) ? happening : Effect.void,
            hashOf(password, salt++)
          ),
        verify: (password, hash) =>
          Effect.as(during === "verify" ? happening : Effect.void, {
            matches: Redacted.value(hash).split("#")[0] === Redacted.value(password),
            outdated: false
          }),
        verifyNothing: () => Effect.void,
        accepts: () => true
      })
    })
  )

/** Somebody else gives Ada's account the hash of this password. */
const rehashing = (password: Redacted.Redacted<string>) =>
  Effect.gen(function* () {
    const users = yield* UserRepository
    const { user, passwordHash } = Option.getOrThrow(yield* users.findAccount(email))
    yield* users.rehashed(user.id, passwordHash, hashOf(password, 1000))
  }).pipe(Effect.orDie)

/** Ada's sessions are closed, say by a log-out elsewhere. */
const signingOut = Effect.gen(function* () {
  const users = yield* UserRepository
  const sessions = yield* SessionStore
  const { user } = Option.getOrThrow(yield* users.findAccount(email))
  const now = yield* DateTime.now
  yield* Effect.forEach(yield* sessions.liveOf(user.id, now), ({ id }) => sessions.close(id, "signed-out", now))
}).pipe(Effect.orDie)

const over = (meanwhile: Meanwhile = Effect.void, during: "hash" | "verify" = "hash") =>
  Layer.provideMerge(hasher(meanwhile, during), useCases)

const ada = Effect.gen(function* () {
  const { user, sessionId, grants } = yield* register({ email, password: current, name: null }, somebody)
  const caller: Principal = { user, sessionId, kind: "token", grants }
  return caller
})

const passwordOf = (caller: Principal) =>
  Effect.gen(function* () {
    const users = yield* UserRepository
    const { passwordHash } = Option.getOrThrow(yield* users.findAccount(caller.user.email))
    return Redacted.value(passwordHash).split("#")[0]
  })

const refusal = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ _tag }): string => _tag)

describe("a change of the password", () => {
  it.effect("ends every session but the one it is made in, and leaves a trace of all", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      const others = yield* Effect.replicateEffect(signIn({ email, password: current }, somebody), 3)
      yield* changePassword(caller, { current, next }, somebody)
      const sessions = yield* SessionStore
      for (const { sessionId } of others) {
        assert.isTrue(yield* isRevoked(sessionId))
        const { closed } = Option.getOrThrow(yield* sessions.find(sessionId))
        assert.strictEqual(closed?.reason, "password-changed")
      }
      assert.isFalse(yield* isRevoked(caller.sessionId))
      const log = yield* EventLog
      const events = yield* log.page({ limit: 4 })
      assert.deepStrictEqual(new Set(events.map(({ type }) => type)), new Set(["password.changed", "session.closed"]))
    }).pipe(Effect.provide(over()))
  )

  it.effect("ends those too that are over and were not swept up yet, as what they are", () =>
    Effect.gen(function* () {
      const old = yield* ada
      yield* TestClock.adjust("2 minutes")
      const { sessionId } = yield* signIn({ email, password: current }, somebody)
      assert.isFalse(yield* isRevoked(old.sessionId))
      yield* changePassword({ ...old, sessionId }, { current, next }, somebody)
      assert.isTrue(yield* isRevoked(old.sessionId))
      assert.isFalse(yield* isRevoked(sessionId))
      const sessions = yield* SessionStore
      const { closed } = Option.getOrThrow(yield* sessions.find(old.sessionId))
      assert.strictEqual(closed?.reason, "expired")
    }).pipe(
      Effect.provideService(TokenSettings, { ...tokenSettings, refreshTtl: Duration.minutes(1) }),
      Effect.provide(over())
    )
  )

  it.effect("is made though a sign-in has hashed the same password anew meanwhile", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      yield* changePassword(caller, { current, next }, somebody)
      assert.strictEqual(yield* passwordOf(caller), Redacted.value(next))
    }).pipe(Effect.provide(over(rehashing(current))))
  )

  it.effect("is not made, and ends no session, when another one was made meanwhile", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      const { sessionId } = yield* signIn({ email, password: current }, somebody)
      const error = yield* Effect.flip(changePassword(caller, { current, next }, somebody))
      assert.strictEqual(error._tag, "WrongPassword")
      assert.strictEqual(yield* passwordOf(caller), Redacted.value(other))
      assert.isFalse(yield* isRevoked(sessionId))
    }).pipe(Effect.provide(over(rehashing(other))))
  )
})

describe("a session that is closed while the password is being checked", () => {
  it.effect("changes the password no more", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      assert.strictEqual(yield* refusal(changePassword(caller, { current, next }, somebody)), "TokenRevoked")
      assert.strictEqual(yield* passwordOf(caller), Redacted.value(current))
      const log = yield* EventLog
      assert.lengthOf(yield* log.page({ type: "password.changed", limit: 1 }), 0)
    }).pipe(Effect.provide(over(signingOut)))
  )

  it.effect("ends the account no more", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      assert.strictEqual(yield* refusal(deleteOwn(caller, current, somebody)), "TokenRevoked")
      assert.strictEqual(yield* passwordOf(caller), Redacted.value(current))
    }).pipe(Effect.provide(over(signingOut, "verify")))
  )
})

describe("a change of the password in a browser's session", () => {
  it.effect("is not made when the cookie was replaced meanwhile", () =>
    Effect.gen(function* () {
      yield* ada
      const sessions = yield* SessionStore
      const { user, session, grants, secret } = yield* signInWithCookie(
        { email, password: current },
        undefined,
        somebody
      )
      const caller: Principal = { user, sessionId: session.id, kind: "cookie", grants }
      assert.isTrue(yield* sessions.replaceSecret(secret, SessionSecret.make(Redacted.make("another one"))))
      const tag = yield* refusal(changePassword(caller, { current, next, secret }, somebody))
      assert.strictEqual(tag, "TokenRevoked")
      assert.strictEqual(yield* passwordOf(caller), Redacted.value(current))
    }).pipe(Effect.provide(over()))
  )
})

describe("the end of an account", () => {
  it.effect("does not come by a password that was changed while it was checked", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      assert.strictEqual(yield* refusal(deleteOwn(caller, current, somebody)), "WrongPassword")
      assert.strictEqual(yield* passwordOf(caller), Redacted.value(other))
      assert.isFalse(yield* isRevoked(caller.sessionId))
    }).pipe(Effect.provide(over(rehashing(other), "verify")))
  )

  it.effect("comes though a sign-in has hashed the same password anew meanwhile", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      yield* deleteOwn(caller, current, somebody)
      const users = yield* UserRepository
      assert.isTrue(Option.isNone(yield* users.findById(caller.user.id)))
    }).pipe(Effect.provide(over(rehashing(current), "verify")))
  )

  it.effect("is told once, however often it is asked for at once", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      const ends = yield* Effect.all(
        Array.from({ length: 5 }, () => Effect.exit(deleteOwn(caller, current, somebody))),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(ends.filter(Exit.isSuccess), 1)
      const log = yield* EventLog
      const events = yield* log.page({ type: "user.deleted", limit: 10 })
      assert.lengthOf(events, 1)
    }).pipe(Effect.provide(over()))
  )
})

describe("an account that is gone", () => {
  it.effect("leaves its sessions revoked, though nothing else of them is left", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      const { sessionId } = yield* signIn({ email, password: current }, somebody)
      yield* deleteOwn(caller, current, somebody)
      const sessions = yield* SessionStore
      for (const id of [caller.sessionId, sessionId]) {
        assert.isTrue(Option.isNone(yield* sessions.find(id)))
        assert.isTrue(yield* isRevoked(id))
      }
    }).pipe(Effect.provide(over()))
  )

  it.effect("is its owner's no more, though their request was let in, and somebody else has the address by now", () =>
    Effect.gen(function* () {
      const caller = yield* ada
      yield* deleteOwn(caller, current, somebody)
      const heir = yield* ada
      const refusals = [
        yield* refusal(rename(caller, null)),
        yield* refusal(changePassword(caller, { current, next }, somebody)),
        yield* refusal(deleteOwn(caller, current, somebody)),
        yield* refusal(deleteUser(caller, heir.user.id, somebody))
      ]
      assert.deepStrictEqual(new Set(refusals), new Set(["TokenRevoked"]))
      assert.strictEqual(yield* passwordOf(heir), Redacted.value(current))
    }).pipe(Effect.provide(over()))
  )
})
