import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { openImage } from "../../../src/domain/image/Image.ts"
import { layersOf } from "../../../src/domain/image/layers.ts"
import { reference, TestRegistry } from "./support/registry.ts"

describe("an image's layers", () => {
  it.effect("end with the last: beyond it there is nothing to read, and nothing known", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putLayers([{ name: "f" }])
      yield* Effect.gen(function* () {
        const layers = yield* layersOf(yield* openImage(reference, undefined))
        registry.asked.length = 0
        assert.deepStrictEqual(yield* Stream.runCollect(layers.archive(1, "whole")), [])
        assert.deepStrictEqual(yield* Stream.runCollect(layers.entries(1)), [])
        assert.isUndefined(yield* layers.known(1))
        assert.deepStrictEqual(registry.asked, [])
      }).pipe(Effect.scoped, Effect.provide(registry.layer))
    })
  )
})
