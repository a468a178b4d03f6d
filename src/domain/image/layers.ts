import { Effect, Result, Stream } from "effect"
import type { Descriptor } from "../registry/Descriptor.ts"
import type { Reading } from "../registry/nextPart.ts"
import type { RegistryError } from "../registry/RegistryError.ts"
import { withDeadline } from "./deadline.ts"
import type { Image } from "./Image.ts"
import { LayerDecoder } from "./LayerDecoder.ts"
import { type LayerError, LayerNotFound } from "./LayerError.ts"
import { type Bounds, Limits } from "./Limits.ts"
import { type NamesCounter, namesCounter } from "./namesCounter.ts"

/** The index of the layer that a number or a digest names; of two with one digest, the lower. */
export const layerIndex = (
  layers: ReadonlyArray<Descriptor>,
  selector: string
): Result.Result<number, LayerNotFound> => {
  const index = /^\d{1,6}$/u.test(selector) ? Number(selector) : layers.findIndex((layer) => layer.digest === selector)
  return layers[index] === undefined ? Result.fail(new LayerNotFound({ layer: selector })) : Result.succeed(index)
}

/** An image's layers as archives, within the limits. */
export interface Layers {
  readonly descriptors: ReadonlyArray<Descriptor>
  readonly limits: Bounds
  readonly counted: NamesCounter
  readonly archive: (index: number, reading: Reading) => Stream.Stream<Uint8Array, RegistryError | LayerError>
}

export const layersOf = Effect.fnUntraced(function* (image: Image) {
  const limits = yield* Limits
  const decoder = yield* LayerDecoder
  const descriptors = image.manifest.layers
  const layers: Layers = {
    descriptors,
    limits,
    counted: namesCounter(limits),
    archive: (index, reading) => {
      const descriptor = descriptors[index]
      return descriptor === undefined
        ? Stream.empty
        : decoder.decode(withDeadline(image.session.blob(descriptor, reading), limits.timeout), limits.maxBytes)
    }
  }
  return layers
})
