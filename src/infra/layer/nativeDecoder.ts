import { Effect, Layer, Pull, Stream } from "effect"
import { LayerDecoder } from "../../domain/image/LayerDecoder.ts"
import { type LayerError, LayerLimitExceeded, LayerUnsupported } from "../../domain/image/LayerError.ts"
import { detect, gunzip, MAGIC_LENGTH } from "./compression.ts"
import { concat } from "./concat.ts"
import { inflate } from "./inflate.ts"
import { unzstd } from "./unzstd.ts"

const decompress = <E, R>(first: Uint8Array, whole: Stream.Stream<Uint8Array, E, R>) => {
  const compression = detect(first)
  if (compression === "none") return whole
  if (compression === "gzip") return inflate(whole, gunzip)
  if (compression === "zstd") return unzstd(whole)
  return Stream.fail(new LayerUnsupported({ reason: `the layer is compressed with ${compression.unsupported}` }))
}

/** Reads the first bytes, then gives all of them, those included, to what they call for. */
const sniff = <E, R>(blob: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const pull = yield* Stream.toPull(blob)
      const read: Array<Uint8Array> = []
      let first: Uint8Array = new Uint8Array(0)
      while (first.length < MAGIC_LENGTH) {
        const chunks = yield* Pull.catchDone(pull, () => Effect.undefined)
        if (chunks === undefined) break
        for (const chunk of chunks) {
          read.push(chunk)
          if (first.length < MAGIC_LENGTH) first = concat(first, chunk)
        }
      }
      return decompress(first, Stream.concat(Stream.fromIterable(read), Stream.fromPull(Effect.succeed(pull))))
    })
  )

/** Decompression by Node's zlib, on its thread pool. */
export const layer = Layer.succeed(LayerDecoder, {
  decode: (blob, maxBytes) =>
    Stream.suspend(() => {
      let total = 0
      return Stream.mapArrayEffect(sniff(blob), (chunks) => {
        for (const chunk of chunks) total += chunk.length
        return total > maxBytes
          ? Effect.fail(new LayerLimitExceeded({ limit: "bytes", value: maxBytes }))
          : Effect.succeed(chunks)
      })
    })
})
