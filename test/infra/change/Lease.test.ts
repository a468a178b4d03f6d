import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { lease } from "../../../src/infra/change/Lease.ts"

const FOREVER = 10n ** 18n
const lost = new StorageUnavailable({ store: "database", cause: "lost" })

/** A log that is looked at as long as the test says, and ends as it says. */
const looking = Effect.gen(function* () {
  const state = { looks: 0, takes: "0 millis" as "0 millis" | "400 millis" | "1 second", isLost: false }
  const look = Effect.suspend(() => {
    state.looks += 1
    const { takes, isLost } = state
    return Effect.andThen(
      takes === "0 millis" ? Effect.void : Effect.sleep(takes),
      isLost ? Effect.fail(lost) : Effect.void
    )
  })
  return { state, current: (yield* lease(look, () => FOREVER)).current }
})

/** How it went by now, without waiting. */
const asked = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(effect)
  yield* Effect.yieldNow
  yield* Effect.yieldNow
  const exit = fiber.pollUnsafe()
  if (exit === undefined) return "waits" as const
  return Exit.isSuccess(exit) ? ("current" as const) : ("refused" as const)
})

describe("a lease on what is remembered", () => {
  it.effect("answers any number of requests with a look now and then", () =>
    Effect.gen(function* () {
      const { current, state } = yield* looking
      yield* current
      const before = state.looks
      yield* Effect.replicateEffect(current, 1000)
      assert.strictEqual(state.looks, before)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(state.looks, before + 5)
    })
  )

  it.effect("counts from when the look was sent, and not from its answer", () =>
    Effect.gen(function* () {
      const { current, state } = yield* looking
      yield* current
      state.takes = "400 millis"
      yield* TestClock.adjust("200 millis")
      state.isLost = true
      // Sent at 200, answered at 600; the next is sent at 800 and fails.
      yield* TestClock.adjust("400 millis")
      assert.strictEqual(yield* asked(current), "current")
      yield* TestClock.adjust("99 millis")
      assert.strictEqual(yield* asked(current), "current")
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* asked(current), "waits")
    })
  )

  it.effect("is over when the log cannot be looked at, and then refuses everybody at once", () =>
    Effect.gen(function* () {
      const { current, state } = yield* looking
      yield* current
      state.takes = "1 second"
      state.isLost = true
      yield* TestClock.adjust("499 millis")
      assert.strictEqual(yield* asked(current), "current")
      yield* TestClock.adjust("1 millis")
      const waiting = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 50 }, () => Effect.flip(current)),
          { concurrency: "unbounded" }
        )
      )
      // The look of 200 ends at 1200: nobody waits for another that takes as long.
      yield* TestClock.adjust("700 millis")
      assert.deepStrictEqual(
        new Set((yield* Fiber.join(waiting)).map(({ _tag }) => _tag)),
        new Set(["StorageUnavailable"])
      )
    })
  )

  it.effect("is there again by itself", () =>
    Effect.gen(function* () {
      const { current, state } = yield* looking
      state.isLost = true
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Effect.flip(current))._tag, "StorageUnavailable")
      state.isLost = false
      yield* current
      assert.strictEqual(yield* asked(current), "current")
    })
  )

  it.effect("has one look for all who wait, sent after they asked", () =>
    Effect.gen(function* () {
      const gates: Array<Deferred.Deferred<void>> = []
      const look = Effect.suspend(() => {
        const gate = Deferred.makeUnsafe<void>()
        gates.push(gate)
        return Deferred.await(gate)
      })
      const { current } = yield* lease(look, () => 0n)
      yield* Effect.yieldNow
      // The first look is under way. With nothing to rely on, what it finds says nothing about now.
      const all = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 50 }, () => current),
          { concurrency: "unbounded" }
        )
      )
      yield* Effect.yieldNow
      const [first] = gates
      assert.isDefined(first)
      yield* Deferred.succeed(first, undefined)
      yield* Effect.yieldNow
      yield* Effect.yieldNow
      assert.isUndefined(all.pollUnsafe())
      const [, second] = gates
      assert.isDefined(second)
      yield* Deferred.succeed(second, undefined)
      yield* Fiber.join(all)
      assert.strictEqual(gates.length, 2)
    })
  )
})
