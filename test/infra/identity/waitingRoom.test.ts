import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { waitingRoom } from "../../../src/infra/identity/waitingRoom.ts"

describe("waitingRoom", () => {
  it.effect("runs no more at once than there are places, whatever the crowd", () =>
    Effect.gen(function* () {
      const admit = yield* waitingRoom({ concurrency: 3, queue: 100 })
      let running = 0
      let most = 0
      const work = Effect.gen(function* () {
        running += 1
        most = Math.max(most, running)
        yield* Effect.yieldNow
        running -= 1
      })
      yield* Effect.all(
        Array.from({ length: 50 }, () => admit(work)),
        { concurrency: "unbounded", discard: true }
      )
      expect(most).toBe(3)
    })
  )

  it.effect("gives the place of whoever leaves the queue to the next", () =>
    Effect.gen(function* () {
      const admit = yield* waitingRoom({ concurrency: 1, queue: 1 })
      const gate = yield* Deferred.make<void>()
      const running = yield* Effect.forkChild(admit(Deferred.await(gate)), { startImmediately: true })
      const waiting = yield* Effect.forkChild(admit(Effect.void), { startImmediately: true })
      expect((yield* Effect.flip(admit(Effect.void)))._tag).toBe("Overloaded")
      yield* Fiber.interrupt(waiting)
      const next = yield* Effect.forkChild(admit(Effect.succeed("served")), { startImmediately: true })
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(running)
      expect(yield* Fiber.join(next)).toBe("served")
    })
  )

  it.effect("keeps the place of a work that has begun until the work is over, even when nobody waits for it", () =>
    Effect.gen(function* () {
      const admit = yield* waitingRoom({ concurrency: 1, queue: 0 })
      const gate = yield* Deferred.make<void>()
      const running = yield* Effect.forkChild(admit(Deferred.await(gate)), { startImmediately: true })
      const leaving = yield* Effect.forkChild(Fiber.interrupt(running), { startImmediately: true })
      expect((yield* Effect.flip(admit(Effect.void)))._tag).toBe("Overloaded")
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(leaving)
      yield* admit(Effect.void)
    })
  )

  it.effect("tells when to come back by how long a work takes", () =>
    Effect.gen(function* () {
      const admit = yield* waitingRoom({ concurrency: 2, queue: 2 })
      const slow = yield* Effect.forkChild(admit(Effect.sleep("3 seconds")), { startImmediately: true })
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(slow)
      const gate = yield* Deferred.make<void>()
      const full = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 4 }, () => admit(Deferred.await(gate))),
          { concurrency: "unbounded" }
        ),
        { startImmediately: true }
      )
      expect((yield* Effect.flip(admit(Effect.void))).retryAfter).toBe(6)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(full)
    })
  )
})
