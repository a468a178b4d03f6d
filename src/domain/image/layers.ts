import { Effect, Stream } from "effect"
import type { Descriptor } from "../registry/Descriptor.ts"
import type { Reading } from "../registry/nextPart.ts"
import { repositoryOf } from "../registry/Reference.ts"
import { RegistrySessionClosed } from "../registry/RegistryError.ts"
import { withDeadline } from "./deadline.ts"
import type { Image } from "./Image.ts"
import { LayerDecoder } from "./LayerDecoder.ts"
import type { Entry } from "./Entry.ts"
import { KnownBlobs, orWithout } from "./KnownBlobs.ts"
import { LayerLimitExceeded } from "./LayerError.ts"
import { type Bounds, Limits } from "./Limits.ts"
import { type EntriesCounter, entriesCounter } from "./entriesCounter.ts"
import { readLayer } from "./readLayer.ts"
import type { ReadError } from "./ReadError.ts"

/** How much of a layer has come from the registry. */
export interface LayerProgress {
  readonly layer: number
  readonly bytes: number
  readonly of: number
}

/** An image's layers, within the limits. They can be read as long as the image's session is open. */
export interface Layers {
  readonly descriptors: ReadonlyArray<Descriptor>
  readonly limits: Bounds
  readonly counted: EntriesCounter
  readonly archive: (index: number, reading: Reading) => Stream.Stream<Uint8Array, ReadError>
  /** The entries of a layer that was listed before, without a look at the layer; who reads them has no more time for it. */
  readonly known: (
    index: number
  ) => Effect.Effect<Stream.Stream<Entry, LayerLimitExceeded> | undefined, RegistrySessionClosed>
  /** The entries of a layer: known, or else read, and known from then on. */
  readonly entries: (index: number) => Stream.Stream<Entry, ReadError>
  /** News, each told once: of the layer that has waited for the longest to be told of. */
  readonly progress: Effect.Effect<LayerProgress | undefined>
}

/**
 * The layers of an opened image. That it is open is what gives a right to what is known of its layers: its manifest, which
 * names them, was read from the registry in this very session.
 */
export const layersOf = Effect.fnUntraced(function* ({ session, manifest }: Image) {
  const limits = yield* Limits
  const decoder = yield* LayerDecoder
  const blobs = yield* KnownBlobs
  const descriptors = manifest.layers
  const repository = repositoryOf(session.reference)
  const counted = entriesCounter(limits)
  let open = true
  // A Map keeps the order of insertion, and a key that is set again its place.
  const news = new Map<number, LayerProgress>()
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      open = false
    })
  )

  const fetched = (descriptor: Descriptor, layer: number, reading: Reading) =>
    Stream.suspend(() => {
      let bytes = 0
      return Stream.map(session.blob(descriptor, reading), (chunk) => {
        bytes += chunk.length
        news.set(layer, { layer, bytes, of: descriptor.size })
        return chunk
      })
    })

  let decompressed = 0
  /** Adds up what all layers of the operation come to. */
  const withinImage = (chunks: ReadonlyArray<Uint8Array>) => {
    for (const chunk of chunks) decompressed += chunk.length
    return decompressed > limits.maxImageBytes
      ? Effect.fail(new LayerLimitExceeded({ limit: "bytes", of: "image", value: limits.maxImageBytes }))
      : Effect.void
  }

  const archive: Layers["archive"] = (index, reading) => {
    const descriptor = descriptors[index]
    return descriptor === undefined
      ? Stream.empty
      : decoder
          .decode(withDeadline(fetched(descriptor, index, reading), limits.timeout), limits.maxBytes)
          .pipe(Stream.mapArrayEffect((chunks) => Effect.as(withinImage(chunks), chunks)))
  }

  const known: Layers["known"] = Effect.fnUntraced(function* (index) {
    if (!open) return yield* new RegistrySessionClosed({ repository: session.reference.repository })
    const descriptor = descriptors[index]
    if (descriptor === undefined) return undefined
    const entries = yield* orWithout(blobs.listing({ repository, digest: descriptor.digest }, index))
    return entries && withDeadline(entries, limits.timeout)
  })

  /** The stream of a layer ends only when all of it was there and was what its digest says; whoever stops early keeps nothing. */
  const recorded = (index: number) =>
    Stream.unwrap(
      Effect.map(blobs.record, ({ add, keep }) => {
        const digest = descriptors[index]?.digest
        return readLayer(archive(index, "whole"), index, limits, counted).pipe(
          Stream.mapArrayEffect((entries) => Effect.as(add(entries), entries)),
          Stream.concat(
            digest === undefined ? Stream.empty : Stream.fromEffectDrain(orWithout(keep({ repository, digest })))
          )
        )
      })
    )

  const layers: Layers = {
    descriptors,
    limits,
    counted,
    archive,
    known,
    entries: (index) => Stream.unwrap(Effect.map(known(index), (entries) => entries ?? recorded(index))),
    progress: Effect.sync(() => {
      const [oldest] = news.values()
      if (oldest !== undefined) news.delete(oldest.layer)
      return oldest
    })
  }
  return layers
})
