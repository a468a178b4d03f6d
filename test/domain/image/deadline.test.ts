import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { withDeadline } from "../../../src/domain/image/deadline.ts"

const seconds = Duration.seconds
const ticks = (every: Duration.Duration, count: number) =>
  Stream.mapEffect(Stream.range(1, count), (tick) => Effect.as(Effect.sleep(every), tick))

const run = <E>(stream: Stream.Stream<number, E>) =>
  Effect.gen(function* () {
    const seen: Array<number> = []
    const fiber = yield* Effect.forkChild(
      Effect.exit(Stream.runForEach(stream, (tick) => Effect.sync(() => seen.push(tick))))
    )
    yield* TestClock.adjust("1 hour")
    return { seen, exit: yield* Fiber.join(fiber) }
  })

describe("a deadline", () => {
  it.effect("lets pass what is in time", () =>
    Effect.gen(function* () {
      const { seen, exit } = yield* run(withDeadline(ticks(seconds(1), 3), seconds(10)))
      assert.deepStrictEqual([seen, exit._tag], [[1, 2, 3], "Success"])
    })
  )

  it.effect("is for the whole stream, not for each of its parts", () =>
    Effect.gen(function* () {
      const { seen, exit } = yield* run(withDeadline(Stream.rechunk(ticks(seconds(4), 3), 1), seconds(10)))
      assert.deepStrictEqual([seen, exit._tag], [[1, 2], "Failure"])
    })
  )

  it.effect("counts the time its consumer takes", () =>
    Effect.gen(function* () {
      const slow = Stream.tap(withDeadline(Stream.rechunk(Stream.range(1, 5), 1), seconds(10)), () =>
        Effect.sleep("4 seconds")
      )
      const { seen, exit } = yield* run(slow)
      assert.deepStrictEqual([seen, exit._tag], [[1, 2, 3], "Failure"])
    })
  )

  it.effect("begins when the stream does", () =>
    Effect.gen(function* () {
      const stream = withDeadline(ticks(seconds(1), 1), seconds(10))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* run(stream)).exit._tag, "Success")
    })
  )
})
