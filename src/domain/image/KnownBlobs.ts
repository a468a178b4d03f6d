import { Context, Effect, Layer, type Stream } from "effect"
import type { Digest } from "../registry/Digest.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Entry } from "./Entry.ts"

/** A blob, and the repository it was read from: whoever may read another may not for that read this one. */
export interface BlobOf {
  readonly repository: string
  readonly digest: Digest
}

/** A listing that is being written down. What is never kept was never there. */
export interface Recording {
  readonly add: (entries: ReadonlyArray<Entry>) => Effect.Effect<void>
  /** For a layer that was read to its end and is what its digest says. */
  readonly keep: (blob: BlobOf) => Effect.Effect<void, StorageUnavailable>
}

/**
 * What is known of blobs that were read whole and verified: a digest stands for the same bytes for ever. What has not been
 * used for the longest is forgotten first, at any time.
 *
 * It knows nothing of callers. Whoever asks has proved, in the same operation, that the repository may be read.
 */
export class KnownBlobs extends Context.Service<
  KnownBlobs,
  {
    /** The entries of a layer, as those of the layer with this index, if it was listed in this repository before. */
    readonly listing: (
      blob: BlobOf,
      layer: number
    ) => Effect.Effect<Stream.Stream<Entry> | undefined, StorageUnavailable>
    readonly record: Effect.Effect<Recording>
    /** The bytes of a small blob. */
    readonly document: (blob: BlobOf) => Effect.Effect<Uint8Array | undefined, StorageUnavailable>
    readonly keepDocument: (blob: BlobOf, bytes: Uint8Array) => Effect.Effect<void, StorageUnavailable>
  }
>()("keyhole/domain/image/KnownBlobs") {}

/** For whoever comes once: nothing is known, and nothing kept. */
export const nothingKnown = Layer.succeed(KnownBlobs, {
  listing: () => Effect.undefined,
  record: Effect.succeed({ add: () => Effect.void, keep: () => Effect.void }),
  document: () => Effect.undefined,
  keepDocument: () => Effect.void
})

/** Knowledge saves work and is not needed for it: where it cannot be had, or kept, the work is done without. */
export const orWithout = <A>(effect: Effect.Effect<A, StorageUnavailable>): Effect.Effect<A | undefined> =>
  Effect.catchTag(effect, "StorageUnavailable", (error) =>
    Effect.as(Effect.logWarning("what is known of a blob is out of reach", error), undefined)
  )
