import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { authenticate } from "../../../src/domain/token/authenticate.ts"
import { refresh } from "../../../src/domain/token/refresh.ts"
import { TokenSettings } from "../../../src/domain/token/TokenSettings.ts"
import { somebody, tokenSettings, useCases } from "../../support/useCases.ts"

const lasting = (refreshTtl: Duration.Input) =>
  Layer.merge(
    useCases,
    Layer.succeed(TokenSettings, { ...tokenSettings, refreshTtl: Duration.fromInputUnsafe(refreshTtl) })
  )

const ada = register(
  { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple"), name: null },
  somebody
)

const seconds = (duration: Duration.Duration) => Duration.toSeconds(duration)

describe("an access token", () => {
  it.effect("lives as long as is set when its session does", () =>
    Effect.gen(function* () {
      const { accessExpiresIn, accessToken } = yield* ada
      assert.strictEqual(seconds(accessExpiresIn), 1800)
      yield* TestClock.adjust("1804 seconds")
      yield* authenticate(accessToken)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Effect.flip(authenticate(accessToken)))._tag, "TokenExpired")
    }).pipe(Effect.provide(lasting("7 days")))
  )

  it.effect("ends with its session at the latest, before anybody has swept that up", () =>
    Effect.gen(function* () {
      const { accessExpiresIn, accessToken, refreshToken } = yield* ada
      assert.strictEqual(seconds(accessExpiresIn), 600)
      yield* TestClock.adjust("604 seconds")
      yield* authenticate(accessToken)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Effect.flip(authenticate(accessToken)))._tag, "TokenExpired")
      assert.strictEqual((yield* Effect.flip(refresh(refreshToken, somebody)))._tag, "TokenExpired")
    }).pipe(Effect.provide(lasting("10 minutes")))
  )

  it.effect("of a refresh lives with the session it prolonged, and one of a repetition no longer", () =>
    Effect.gen(function* () {
      const { refreshToken } = yield* ada
      yield* TestClock.adjust("9 minutes")
      const first = yield* refresh(refreshToken, somebody)
      yield* TestClock.adjust("4 seconds")
      const second = yield* refresh(refreshToken, somebody)
      assert.deepStrictEqual(
        [first, second].map(({ accessExpiresIn }) => seconds(accessExpiresIn)),
        [600, 596]
      )
      yield* TestClock.adjust("601 seconds")
      assert.strictEqual((yield* Effect.flip(authenticate(second.accessToken)))._tag, "TokenExpired")
    }).pipe(Effect.provide(lasting("10 minutes")))
  )
})
