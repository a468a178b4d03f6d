import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { RegistryDenied } from "../../../src/domain/registry/RegistryError.ts"
import { ConnectionLost } from "../../../src/infra/registry/Exchange.ts"
import { defaults } from "../../../src/infra/registry/RegistrySettings.ts"
import { NotNow, retrying } from "../../../src/infra/registry/retry.ts"

const host = "registry.example"
const notNow = (status: number, retryAfter?: number) => new NotNow({ host, status, retryAfter })
const lost = new ConnectionLost({ host, reason: "the connection was lost" })

/** Work that fails with each of these in turn and then succeeds; says when it was tried. */
const scripted = (...failures: ReadonlyArray<NotNow | ConnectionLost | RegistryDenied>) => {
  const tried: Array<number> = []
  const work = Effect.gen(function* () {
    tried.push(yield* Clock.currentTimeMillis)
    const failure = failures[tried.length - 1]
    return failure === undefined ? "done" : yield* Effect.fail(failure)
  })
  return { tried, work: retrying(work, defaults) }
}

/** Lets an hour pass. */
const inAnHour = <A, E>(work: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.result(work))
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  })

describe("retrying", () => {
  it.effect("does again what was lost or put off, three times at most, waiting longer each time", () =>
    Effect.gen(function* () {
      const { tried, work } = scripted(lost, notNow(503), notNow(429))
      const result = yield* inAnHour(work)
      assert.strictEqual(result._tag, "Success")
      const waits = tried.slice(1).map((time, index) => time - (tried[index] ?? 0))
      assert.strictEqual(waits.length, 3)
      assert.deepStrictEqual(
        waits,
        waits.toSorted((one, other) => one - other)
      )

      const hopeless = scripted(lost, lost, lost, lost)
      assert.strictEqual((yield* inAnHour(hopeless.work))._tag, "Failure")
      assert.strictEqual(hopeless.tried.length, 4)
    })
  )

  it.effect("waits as long as it is asked to", () =>
    Effect.gen(function* () {
      const { tried, work } = scripted(notNow(429, 20))
      yield* inAnHour(work)
      assert.strictEqual((tried[1] ?? 0) - (tried[0] ?? 0), 20_000)
    })
  )

  it.effect("gives up at once rather than wait past its time, and hands on how long to wait", () =>
    Effect.gen(function* () {
      const { tried, work } = scripted(notNow(429, 20), notNow(429, 20))
      const error = yield* Effect.flip(work).pipe(inAnHour, Effect.flatMap(Effect.fromResult))
      assert.deepInclude(error, { _tag: "RegistryRateLimited", retryAfter: 20 })
      assert.strictEqual(tried.length, 2)
      assert.isAtMost(tried[1] ?? 0, Duration.toMillis(defaults.retryFor))
    })
  )

  it.effect("counts the time that the attempts themselves take", () =>
    Effect.gen(function* () {
      let tried = 0
      const slow = Effect.sleep("29 seconds").pipe(
        Effect.andThen(Effect.sync(() => (tried += 1))),
        Effect.andThen(Effect.fail(lost))
      )
      const error = yield* Effect.flip(retrying(slow, defaults)).pipe(inAnHour, Effect.flatMap(Effect.fromResult))
      assert.strictEqual(error._tag, "RegistryUnreachable")
      assert.strictEqual(tried, 2)
    })
  )

  it.effect("does nothing again that would come out the same", () =>
    Effect.gen(function* () {
      const denied = new RegistryDenied({ registry: host, repository: "team/app" })
      const { tried, work } = scripted(denied)
      assert.strictEqual(yield* Effect.flip(work), denied)
      assert.strictEqual(tried.length, 1)
    })
  )

  it.effect.each([
    [notNow(408, 60), "RegistryTimeout"],
    [notNow(504, 60), "RegistryTimeout"],
    [notNow(500, 60), "RegistryUnreachable"],
    [notNow(429, 60), "RegistryRateLimited"]
  ] as const)("in the end says what it came to: %s", ([failure, tag]) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(scripted(failure).work))._tag, tag)
    })
  )
})
