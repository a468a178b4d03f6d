import { randomBytes } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { download, findLayer, type LayerRequest } from "../../../src/domain/image/download.ts"
import { Limits } from "../../../src/domain/image/Limits.ts"
import { digestOf, reference, TestRegistry } from "./support/registry.ts"

const big = new Uint8Array(randomBytes(50_000))
const small = new Uint8Array(Buffer.from("not even an archive"))

const world = () => {
  const registry = new TestRegistry()
  registry.putImage([small, big])
  return registry
}

const fetched = (registry: TestRegistry, request: Partial<LayerRequest> = {}) =>
  Effect.gen(function* () {
    const found = yield* download({ reference, layer: "1", ...request })
    const bytes = yield* Stream.mkUint8Array(found.content)
    return { found, bytes }
  }).pipe(Effect.scoped, Effect.provide(registry.layer))

describe("download", () => {
  it.effect("gives a layer's bytes as they are, by index and by digest", () =>
    Effect.gen(function* () {
      const registry = world()
      for (const layer of ["1", digestOf(big)]) {
        const { found, bytes } = yield* fetched(registry, { layer })
        assert.deepStrictEqual(bytes, big)
        assert.strictEqual(found.descriptor.size, big.length)
        assert.strictEqual(found.descriptor.digest, digestOf(big))
      }
      assert.deepStrictEqual((yield* fetched(registry, { layer: "0" })).bytes, small)
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )

  it.effect("gives no bytes of a layer that has none", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putImage([new Uint8Array(0)])
      assert.strictEqual((yield* fetched(registry, { layer: "0" })).bytes.length, 0)
    })
  )

  it.effect("keeps the session as long as the bytes flow, and not a moment longer", () =>
    Effect.gen(function* () {
      const registry = world()
      yield* Effect.gen(function* () {
        const { content } = yield* download({ reference, layer: "1" })
        yield* Stream.runForEach(content, () => Effect.sync(() => assert.strictEqual(registry.sessions, 1)))
      }).pipe(Effect.scoped, Effect.provide(registry.layer))
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )

  it.effect("fails before it answers when the first bytes are the last, and wrong", () =>
    Effect.gen(function* () {
      const registry = world()
      registry.blobs.set(digestOf(small), Buffer.from("not what was promised"))
      const failing = Effect.scoped(download({ reference, layer: "0" })).pipe(Effect.provide(registry.layer))
      assert.strictEqual((yield* Effect.flip(failing))._tag, "LayerCorrupt")
    })
  )

  it.effect("gives less than was promised when the digest turns out wrong at the end", () =>
    Effect.gen(function* () {
      const registry = world()
      registry.blobs.set(digestOf(big), new Uint8Array(big.length))
      let received = 0
      const error = yield* Effect.gen(function* () {
        const { content } = yield* download({ reference, layer: "1" })
        return yield* Effect.flip(Stream.runForEach(content, (piece) => Effect.sync(() => (received += piece.length))))
      }).pipe(Effect.scoped, Effect.provide(registry.layer))
      assert.strictEqual(error._tag, "LayerCorrupt")
      assert.isAbove(received, 0)
      assert.isBelow(received, big.length)
    })
  )

  it.effect("takes no longer than a layer may", () =>
    Effect.gen(function* () {
      const registry = world()
      registry.stalled = true
      const bounds = yield* Limits
      const failing = yield* fetched(registry).pipe(
        Effect.provideService(Limits, { ...bounds, timeout: Duration.minutes(1) }),
        Effect.flip,
        Effect.forkChild
      )
      while (registry.connections === 0) yield* Effect.yieldNow
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(yield* Fiber.join(failing), { _tag: "LayerLimitExceeded", limit: "time", value: 60_000 })
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )

  it.effect("does not find a layer that is not there", () =>
    Effect.gen(function* () {
      for (const layer of ["2", "-1", "", "nonsense", digestOf(Buffer.from("another"))]) {
        assert.deepInclude(yield* Effect.flip(fetched(world(), { layer })), { _tag: "LayerNotFound", layer })
      }
    })
  )
})

describe("findLayer", () => {
  it.effect("tells of a layer without asking for any of it", () =>
    Effect.gen(function* () {
      const registry = world()
      const request = { reference, layer: "1" }
      const { descriptor } = yield* Effect.scoped(findLayer(request)).pipe(Effect.provide(registry.layer))
      assert.strictEqual(descriptor.digest, digestOf(big))
      assert.notInclude(registry.asked, descriptor.digest)
    })
  )
})
