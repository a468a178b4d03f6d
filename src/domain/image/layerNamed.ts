import { Result } from "effect"
import type { Descriptor } from "../registry/Descriptor.ts"
import { LayerNotFound } from "./LayerError.ts"

/** The layer that an index or a digest names; of two with one digest, the lower. */
export const layerNamed = (
  layers: ReadonlyArray<Descriptor>,
  selector: string
): Result.Result<{ readonly index: number; readonly descriptor: Descriptor }, LayerNotFound> => {
  const index = /^\d{1,6}$/u.test(selector) ? Number(selector) : layers.findIndex((layer) => layer.digest === selector)
  const descriptor = layers[index]
  return descriptor === undefined
    ? Result.fail(new LayerNotFound({ layer: selector }))
    : Result.succeed({ index, descriptor })
}
