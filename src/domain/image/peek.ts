import { Effect, Stream } from "effect"
import type { Digest } from "../registry/Digest.ts"
import type { Platform } from "../registry/Platform.ts"
import type { Reference } from "../registry/Reference.ts"
import type { Entry } from "./Entry.ts"
import { type Image, openImage } from "./Image.ts"
import { layerNamed } from "./layerNamed.ts"
import { type LayerProgress, layersOf } from "./layers.ts"
import { mergedEntries } from "./mergedEntries.ts"
import { isWithin, normalise } from "./path.ts"
import type { ReadError } from "./ReadError.ts"

export interface PeekRequest {
  readonly reference: Reference
  readonly platform?: Platform
  /** One layer, by index or digest; without it the whole image, merged. */
  readonly layer?: string
  /** Keeps what is at this path and below it. */
  readonly path?: string
}

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
  readonly entries: Stream.Stream<Entry, ReadError>
  /** The layers that are looked at, by index. */
  readonly layers: ReadonlyArray<{ readonly index: number; readonly digest: Digest }>
  readonly bytesFetched: Effect.Effect<number>
  /** What came of one of the layers since it was told of last; nothing when there is no news. */
  readonly progress: Effect.Effect<LayerProgress | undefined>
}

/** Lists the files of an opened image. */
export const peekInto = Effect.fnUntraced(function* (image: Image, { reference, layer, path = "/" }: PeekRequest) {
  const { platform } = yield* image.config
  const layers = yield* layersOf(image)
  const only = layer === undefined ? undefined : yield* Effect.fromResult(layerNamed(layers.descriptors, layer))
  const entries = only === undefined ? mergedEntries(layers) : layers.entries(only.index)
  const root = normalise(path)
  const result: Peek = {
    reference,
    digest: image.manifest.digest,
    platform,
    entries: root === "/" ? entries : Stream.filter(entries, (entry) => isWithin(entry.path, root)),
    layers: layers.descriptors
      .map(({ digest }, at) => ({ index: at, digest }))
      .filter((each) => only === undefined || each.index === only.index),
    bytesFetched: image.session.bytesFetched,
    progress: layers.progress
  }
  return result
})

/** Lists the files of one layer or of the whole image. */
export const peek = Effect.fn("peek")(function* (request: PeekRequest) {
  return yield* peekInto(yield* openImage(request.reference, request.platform), request)
})
