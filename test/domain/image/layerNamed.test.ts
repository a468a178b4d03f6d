import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { layerNamed } from "../../../src/domain/image/layerNamed.ts"
import { LayerNotFound } from "../../../src/domain/image/LayerError.ts"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"

const layer = (digit: string) =>
  new Descriptor({ mediaType: "layer", digest: Digest.make(`sha256:${digit.repeat(64)}`), size: 1 })

describe("a layer", () => {
  const [lowest, same] = [layer("a"), layer("b")]
  const layers = [lowest, same, same]

  it("is named by its index from the bottom", () => {
    assert.deepStrictEqual(layerNamed(layers, "0"), Result.succeed({ index: 0, descriptor: lowest }))
    assert.deepStrictEqual(layerNamed(layers, "2"), Result.succeed({ index: 2, descriptor: same }))
  })

  it("is named by its digest, which of two that are the same means the lower", () => {
    assert.deepStrictEqual(layerNamed(layers, same.digest), Result.succeed({ index: 1, descriptor: same }))
  })

  it.each(["3", "-1", "0.5", "1e0", "1234567", "", " 0", layer("c").digest])("is not what %j names", (selector) => {
    assert.deepStrictEqual(layerNamed(layers, selector), Result.fail(new LayerNotFound({ layer: selector })))
  })
})
