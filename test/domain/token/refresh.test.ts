import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { SessionStore } from "../../../src/domain/session/SessionStore.ts"
import { issue, newRefreshToken } from "../../../src/domain/token/issue.ts"
import { refresh } from "../../../src/domain/token/refresh.ts"
import { somebody, tokenSettings, useCases } from "../../support/useCases.ts"

const registration = {
  email: Email.make("ada@example.com"),
  password: Redacted.make("correct horse battery staple"),
  name: null
}

describe("refreshing", () => {
  it.effect("ends the session when a token comes again that was replaced long ago", () =>
    Effect.gen(function* () {
      const sessions = yield* SessionStore
      const { sessionId, refreshToken } = yield* register(registration, somebody)
      const replaced = yield* refresh(refreshToken, somebody)
      const grace = Duration.sum(tokenSettings.refreshGrace, Duration.millis(1))
      yield* TestClock.adjust(grace)
      assert.strictEqual((yield* Effect.flip(refresh(refreshToken, somebody)))._tag, "RefreshReused")
      assert.strictEqual(Option.getOrThrow(yield* sessions.find(sessionId)).closed?.reason, "refresh-reused")
      assert.strictEqual((yield* Effect.flip(refresh(replaced.refreshToken, somebody)))._tag, "TokenRevoked")
    }).pipe(Effect.provide(useCases))
  )

  it.effect("refuses a token of a live session that the store has never seen, and the session goes on", () =>
    Effect.gen(function* () {
      const { user, sessionId, refreshToken } = yield* register(registration, somebody)
      const stray = yield* issue(user, yield* newRefreshToken(sessionId, user.id))
      assert.deepInclude(yield* Effect.flip(refresh(stray.refreshToken, somebody)), {
        _tag: "TokenInvalid",
        reason: "unknown refresh token"
      })
      assert.strictEqual((yield* refresh(refreshToken, somebody)).sessionId, sessionId)
    }).pipe(Effect.provide(useCases))
  )
})
