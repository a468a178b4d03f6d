import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { turns } from "../../../src/infra/eventLoop/turns.ts"

/** Counts how often the event loop has gone round while the work lasts. */
const counting = <A, E, R>(work: (round: () => number) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const counter = { round: 0, next: undefined as NodeJS.Immediate | undefined }
      const count = () => {
        counter.round += 1
        counter.next = setImmediate(count)
      }
      counter.next = setImmediate(count)
      return counter
    }),
    (counter) => work(() => counter.round),
    ({ next }) => Effect.sync(() => clearImmediate(next))
  )

const NO_TIME = 0
const ALL_DAY = 86_400_000

describe("turns", () => {
  it.effect("let the event loop go round between those who together work for longer than a slice", () =>
    counting((round) =>
      Effect.gen(function* () {
        const turn = turns(NO_TIME)
        const served = yield* Effect.all(
          Array.from({ length: 5 }, () => Effect.map(turn, round)),
          { concurrency: "unbounded" }
        )
        expect(new Set(served).size).toBe(5)
        expect(served).toEqual(served.toSorted((one, other) => one - other))
      })
    )
  )

  it.effect("hold up nobody within a slice", () =>
    counting((round) =>
      Effect.gen(function* () {
        const turn = turns(ALL_DAY)
        const before = round()
        for (let piece = 0; piece < 100; piece += 1) yield* turn
        expect(round()).toBe(before)
      })
    )
  )

  it.effect("come to those who wait when others of them have left", () =>
    Effect.gen(function* () {
      const turn = turns(NO_TIME)
      yield* turn
      const order: Array<string> = []
      const waiting = (name: string) =>
        Effect.forkChild(
          Effect.andThen(
            turn,
            Effect.sync(() => order.push(name))
          ),
          { startImmediately: true }
        )
      const [first, second, third] = [yield* waiting("first"), yield* waiting("second"), yield* waiting("third")]
      yield* Fiber.interrupt(second)
      yield* Fiber.join(third)
      yield* Fiber.join(first)
      expect(order).toEqual(["first", "third"])
      // And afterwards there is one for whoever comes.
      yield* turn
    })
  )
})
