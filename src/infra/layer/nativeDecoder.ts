import { Clock, Effect, Layer, Pull, Stream } from "effect"
import { LayerDecoder } from "../../domain/image/LayerDecoder.ts"
import { DecoderFull, type LayerError, LayerLimitExceeded, LayerUnsupported } from "../../domain/image/LayerError.ts"
import { beginningFirst } from "./beginning.ts"
import { detect } from "./compression.ts"
import { concat } from "./concat.ts"
import { inflate } from "./inflate.ts"
import { InflateThreads } from "./InflateThreads.ts"
import { HEADER_LENGTH, LONGEST, LongWindows, USUAL, windowLog } from "./zstdWindow.ts"

/** What decompresses, for all layers of all who read. */
interface Workshop {
  readonly threads: InflateThreads
  readonly windows: LongWindows
}

/** Room for the window that the first frame asks for, until the scope ends. */
const roomFor = Effect.fnUntraced(function* (log: number, windows: LongWindows) {
  const mebibytes = 2 ** (log - 20)
  if (log > LONGEST) {
    const longest = 2 ** (LONGEST - 20)
    return yield* new LayerUnsupported({ reason: `its zstd window of ${mebibytes} MiB is longer than ${longest} MiB` })
  }
  const start = yield* Clock.currentTimeMillis
  yield* Effect.acquireRelease(
    Effect.suspend(() => {
      const giveBack = windows.take(log)
      return giveBack === undefined
        ? Effect.fail(new DecoderFull({ mebibytes, retryAfter: windows.retryAfter }))
        : Effect.succeed(giveBack)
    }),
    (giveBack) => Effect.map(Clock.currentTimeMillis, (now) => giveBack(now - start))
  )
})

/** Takes the compression off, in room for its window. */
const within = <E, R>(
  log: number,
  whole: Stream.Stream<Uint8Array, E, R>,
  { threads, windows }: Workshop
): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.unwrap(Effect.as(roomFor(log, windows), inflate(whole, { codec: "zstd", windowLog: log }, threads)))

const decompress = <E, R>(
  first: Uint8Array,
  whole: Stream.Stream<Uint8Array, E, R>,
  workshop: Workshop
): Stream.Stream<Uint8Array, E | LayerError, R> => {
  const compression = detect(first)
  if (compression === "none") return whole
  if (compression === "gzip") {
    return beginningFirst(
      first,
      compression,
      inflate(whole, { codec: compression, windowLog: USUAL }, workshop.threads)
    )
  }
  if (compression === "zstd") return beginningFirst(first, compression, within(windowLog(first), whole, workshop))
  return Stream.fail(new LayerUnsupported({ reason: `the layer is compressed with ${compression.unsupported}` }))
}

/** Reads the first bytes, then gives all of them, those included, to what they call for. */
const sniff = <E, R>(
  blob: Stream.Stream<Uint8Array, E, R>,
  workshop: Workshop
): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const pull = yield* Stream.toPull(blob)
      const read: Array<Uint8Array> = []
      let first: Uint8Array = new Uint8Array(0)
      while (first.length < HEADER_LENGTH) {
        const chunks = yield* Pull.catchDone(pull, () => Effect.undefined)
        if (chunks === undefined) break
        for (const chunk of chunks) {
          read.push(chunk)
          if (first.length < HEADER_LENGTH) first = concat(first, chunk)
        }
      }
      return decompress(
        first,
        Stream.concat(Stream.fromIterable(read), Stream.fromPull(Effect.succeed(pull))),
        workshop
      )
    })
  )

const decoder = (workshop: Workshop) =>
  LayerDecoder.of({
    decode: (blob, maxBytes) =>
      Stream.suspend(() => {
        let total = 0
        return Stream.mapArrayEffect(sniff(blob, workshop), (chunks) => {
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
    (threads) => decoder({ threads, windows: new LongWindows() })
  )
)
