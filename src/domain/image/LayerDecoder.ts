import { Context, type Stream } from "effect"
import type { LayerError } from "./LayerError.ts"

/** Takes a layer's compression off. */
export class LayerDecoder extends Context.Service<
  LayerDecoder,
  {
    /**
     * The archive in a blob's bytes, by what the first of them say and not by any media type: gzip, zstd or neither.
     * A piece of it is good until the next is asked for. The result ends only after the blob's own end, so that a digest
     * computed over the blob has seen all of it. More than `maxBytes` of archive is `LayerLimitExceeded`.
     */
    readonly decode: <E, R>(
      blob: Stream.Stream<Uint8Array, E, R>,
      maxBytes: number
    ) => Stream.Stream<Uint8Array, E | LayerError, R>
  }
>()("keyhole/domain/image/LayerDecoder") {}
