import { Effect, Stream } from "effect"
import type { Digest } from "../registry/Digest.ts"
import type { Platform } from "../registry/Platform.ts"
import type { Reference } from "../registry/Reference.ts"
import type { RegistryError } from "../registry/RegistryError.ts"
import type { Entry } from "./Entry.ts"
import { openImage } from "./Image.ts"
import type { LayerError } from "./LayerError.ts"
import { layerIndex, layersOf } from "./layers.ts"
import { mergedEntries } from "./mergedEntries.ts"
import { isWithin, normalise } from "./path.ts"
import { readLayer } from "./readLayer.ts"

export interface PeekRequest {
  readonly reference: Reference
  readonly platform?: Platform
  /** One layer, by index or digest; without it the whole image, merged. */
  readonly layer?: string
  /** Keeps what is at this path and below it. */
  readonly path?: string
}

export type PeekError = RegistryError | LayerError

/** What is in an image. The entries flow as they are read, and can be read for as long as the scope is open. */
export interface Peek {
  readonly reference: Reference
  /** Of the platform's manifest. */
  readonly digest: Digest
  readonly platform: Platform
  /**
   * Ends without a failure only if every archive was read to its end and every blob was what its digest says. Where one
   * layer has a path twice both come, and the later one counts.
   */
  readonly entries: Stream.Stream<Entry, PeekError>
  readonly bytesFetched: Effect.Effect<number>
}

/** Lists the files of one layer or of the whole image. */
export const peek = Effect.fn("peek")(function* (request: PeekRequest) {
  const image = yield* openImage(request.reference, request.platform)
  const layers = yield* layersOf(image)
  const { layer, path = "/" } = request
  const index = layer === undefined ? undefined : yield* Effect.fromResult(layerIndex(layers.descriptors, layer))
  const entries =
    index === undefined
      ? mergedEntries(layers)
      : readLayer(layers.archive(index, "whole"), index, layers.limits, layers.counted)
  const root = normalise(path)
  const result: Peek = {
    reference: request.reference,
    digest: image.manifest.digest,
    platform: image.config.platform,
    entries: root === "/" ? entries : Stream.filter(entries, (entry) => isWithin(entry.path, root)),
    bytesFetched: image.session.bytesFetched
  }
  return result
})
