import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { admitGuess, failedGuess } from "../../../src/domain/identity/guess.ts"
import { rules } from "../../../src/domain/identity/guessing.ts"
import { prove } from "../../../src/domain/identity/prove.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const email = Email.make("ada@example.com")
const reasons = Effect.gen(function* () {
  const { page } = yield* EventLog
  return (yield* page({ limit: 100 })).map(({ detail }) => detail["reason"])
})
const guess = Effect.flip(prove({ email, password: Redacted.make("a guess") }, somebody))

/** As many as are allowed within a minute; the last of them begins a wait of a minute. */
const guesses = Effect.forEach(Array.from({ length: rules.pair.limit }), () => guess, { discard: true })

describe("guesses at a password", () => {
  it.effect("that are too many are turned away for as long as it takes, and the first of them alone is news", () =>
    Effect.gen(function* () {
      yield* guesses
      yield* TestClock.adjust("100 millis")
      const before = (yield* reasons).length
      for (const _ of [1, 2, 3]) {
        assert.deepInclude(yield* Effect.flip(admitGuess(email, somebody)), { _tag: "RateLimited", retryAfter: 60 })
      }
      const [news, ...rest] = yield* reasons
      assert.strictEqual(news, "rate-limited")
      assert.lengthOf(rest, before)
      yield* TestClock.adjust("1 minute")
      yield* admitGuess(email, somebody)
    }).pipe(Effect.provide(useCases))
  )

  it.effect("that were under way when the wait began are told nothing, and leave no event", () =>
    Effect.gen(function* () {
      yield* guesses
      const before = yield* reasons
      const late = failedGuess(email, somebody, { type: "sign-in.failed", detail: { reason: "wrong-password" } })
      assert.deepInclude(yield* Effect.flip(late), { _tag: "RateLimited", retryAfter: 60 })
      assert.deepStrictEqual(yield* reasons, before)
    }).pipe(Effect.provide(useCases))
  )
})
