import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { sweeping } from "../../../src/infra/database/sweeping.ts"
import { inSharedFile, onSharedPostgres } from "../../support/database.ts"

const EVERY = Duration.minutes(1)

describe.each([
  ["a file", inSharedFile],
  ["PostgreSQL", onSharedPostgres]
])("processes that sweep one database, over %s", (_where, shared) => {
  it.effect("take no turns while the first is there, and one takes over when it is gone", () =>
    Effect.gen(function* () {
      const database = yield* shared
      const swept: Array<string> = []
      /** A process, until it is ended without a word. */
      const start = Effect.fnUntraced(function* (name: string) {
        const scope = yield* Scope.make()
        const sweep = sweeping(
          "what the test has",
          EVERY,
          Effect.sync(() => {
            swept.push(name)
            return 0
          })
        )
        yield* Layer.buildWithScope(Layer.provide(Layer.effectDiscard(sweep), Layer.fresh(database)), scope)
        return Scope.close(scope, Exit.void)
      })
      const sweptBy = (name: string, times: number) =>
        TestClock.withLive(
          Effect.repeat(
            Effect.delay(
              Effect.sync(() => swept.filter((each) => each === name).length),
              "5 millis"
            ),
            {
              until: (count) => count >= times
            }
          )
        )

      const end = yield* start("first")
      yield* sweptBy("first", 1)
      const endOther = yield* start("second")
      for (let round = 2; round <= 4; round += 1) {
        yield* TestClock.adjust(EVERY)
        yield* sweptBy("first", round)
      }
      assert.notInclude(swept, "second")
      yield* end
      // Its turn is over after one and a half times as long as it takes to come again.
      yield* Effect.repeat(Effect.andThen(TestClock.adjust(EVERY), TestClock.withLive(Effect.sleep("5 millis"))), {
        until: () => swept.includes("second"),
        times: 100
      })
      assert.include(swept, "second")
      assert.isAtMost(swept.filter((each) => each === "first").length, 4)
      yield* endOther
    })
  )
})
