import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../src/domain/identity/Email.ts"
import { register } from "../../src/domain/identity/register.ts"
import { signIn } from "../../src/domain/identity/signIn.ts"
import { SessionStore } from "../../src/domain/session/SessionStore.ts"
import { refresh } from "../../src/domain/token/refresh.ts"
import { isRevoked } from "../../src/domain/token/revocation.ts"
import { signOut } from "../../src/domain/token/signOut.ts"
import { databases } from "../support/database.ts"
import { over, sessionSettings, somebody } from "../support/useCases.ts"

const credentials = {
  email: Email.make("ada@example.com"),
  password: Redacted.make("correct horse battery staple")
}
const ada = register({ ...credentials, name: null }, somebody)
const parallel = { concurrency: "unbounded" } as const

const tagOf = (result: Result.Result<unknown, { readonly _tag: string }>) =>
  Result.isSuccess(result) ? "success" : result.failure._tag

describe.each(databases)("at once, over a database %s", (_where, database) => {
  const layer = over(database)

  it.effect("fifty sign-ins of one user leave as many sessions as are allowed, the others revoked", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const { user } = yield* ada
      const all = yield* Effect.replicateEffect(signIn(credentials, somebody), 50, parallel)
      const live = new Set((yield* sessions.liveOf(user.id, user.createdAt)).map(({ id }) => id))
      assert.strictEqual(live.size, sessionSettings.atMost)
      for (const { sessionId } of all) assert.strictEqual(yield* isRevoked(sessionId), !live.has(sessionId))
    }).pipe(Effect.provide(layer))
  )

  it.effect("fifty refreshes of one token give everybody the same live token; nobody is signed out", () =>
    Effect.gen(function* () {
      const { refreshToken, sessionId } = yield* ada
      const all = yield* Effect.replicateEffect(refresh(refreshToken, somebody), 50, parallel)
      const handedOut = new Set(all.map((tokens) => Redacted.value(tokens.refreshToken)))
      assert.strictEqual(handedOut.size, 1)
      assert.isFalse(handedOut.has(Redacted.value(refreshToken)))
      assert.isFalse(yield* isRevoked(sessionId))
    }).pipe(Effect.provide(layer))
  )

  it.effect("fifty uses of an old token close its session, and it stays closed", () =>
    Effect.gen(function* () {
      const { refreshToken, sessionId } = yield* ada
      const { refreshToken: live } = yield* refresh(refreshToken, somebody)
      yield* TestClock.adjust("11 seconds")
      const all = yield* Effect.replicateEffect(Effect.result(refresh(refreshToken, somebody)), 50, parallel)
      const tags = all.map(tagOf)
      assert.strictEqual(tags.filter((tag) => tag === "RefreshReused").length, 1)
      assert.strictEqual(tags.filter((tag) => tag === "TokenRevoked").length, 49)
      assert.isTrue(yield* isRevoked(sessionId))
      assert.strictEqual(tagOf(yield* Effect.result(refresh(live, somebody))), "TokenRevoked")
    }).pipe(Effect.provide(layer))
  )

  it.effect("refreshes in flight while the session is closed do not bring it back", () =>
    Effect.gen(function* () {
      const { refreshToken, accessToken, sessionId } = yield* ada
      const refreshing = Effect.result(refresh(refreshToken, somebody))
      const all = yield* Effect.all(
        [Effect.replicateEffect(refreshing, 20, parallel), signOut({ accessToken }, somebody), refreshing],
        parallel
      )
      assert.strictEqual(all[1], "revoked")
      assert.isTrue(yield* isRevoked(sessionId))
      const results = [...all[0], all[2]]
      for (const result of results) {
        assert.include(["success", "TokenRevoked"], tagOf(result))
        if (Result.isFailure(result)) continue
        const again = yield* Effect.result(refresh(result.success.refreshToken, somebody))
        assert.strictEqual(tagOf(again), "TokenRevoked")
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("one of fifty registrations gets the address", () =>
    Effect.gen(function* () {
      const all = yield* Effect.replicateEffect(Effect.result(ada), 50, parallel)
      const tags = all.map(tagOf)
      assert.strictEqual(tags.filter((tag) => tag === "success").length, 1)
      assert.strictEqual(tags.filter((tag) => tag === "EmailTaken").length, 49)
    }).pipe(Effect.provide(layer))
  )
})
