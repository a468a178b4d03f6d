import { Effect, Layer, Pull, Stream } from "effect"
import { LayerDecoder } from "../../domain/image/LayerDecoder.ts"
import { type LayerError, LayerLimitExceeded, LayerUnsupported } from "../../domain/image/LayerError.ts"
import { detect, MAGIC_LENGTH } from "./compression.ts"
import { concat } from "./concat.ts"
import { inflate } from "./inflate.ts"
import { InflateThreads } from "./InflateThreads.ts"

const decompress = <E, R>(first: Uint8Array, whole: Stream.Stream<Uint8Array, E, R>, threads: InflateThreads) => {
  const compression = detect(first)
  if (compression === "none") return whole
  if (typeof compression === "string") return inflate(whole, compression, threads)
  return Stream.fail(new LayerUnsupported({ reason: `the layer is compressed with ${compression.unsupported}` }))
}

/** Reads the first bytes, then gives all of them, those included, to what they call for. */
const sniff = <E, R>(
  blob: Stream.Stream<Uint8Array, E, R>,
  threads: InflateThreads
): Stream.Stream<Uint8Array, E | LayerError, R> =>
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
      return decompress(first, Stream.concat(Stream.fromIterable(read), Stream.fromPull(Effect.succeed(pull))), threads)
    })
  )

const decoder = (threads: InflateThreads) =>
  LayerDecoder.of({
    decode: (blob, maxBytes) =>
      Stream.suspend(() => {
        let total = 0
        return Stream.mapArrayEffect(sniff(blob, threads), (chunks) => {
          for (const chunk of chunks) total += chunk.length
          return total > maxBytes
            ? Effect.fail(new LayerLimitExceeded({ limit: "bytes", of: "layer", value: maxBytes }))
            : Effect.succeed(chunks)
        })
      })
  })

/** Decompression by Node's zlib, on threads of its own. */
export const layer = Layer.effect(
  LayerDecoder,
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new InflateThreads()),
      (threads) => Effect.promise(() => threads.end())
    ),
    decoder
  )
)
