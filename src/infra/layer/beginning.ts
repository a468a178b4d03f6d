import { Effect, Stream } from "effect"
import { turn } from "../eventLoop/turns.ts"
import type { Codec } from "./compression.ts"
import { Broken, Inflating } from "./Inflating.ts"
import { USUAL } from "./zstdWindow.ts"

/** As much output as takes no longer than a message to another thread and back. */
const MOST = 256 * 1024

/** Of input, which takes its time though nothing comes of it, as of empty frames. Half of it often holds no whole block of zstd's. */
const MOST_READ = 64 * 1024

/** After each it looks at the clock. */
const PIECE = 4 * 1024

/** In milliseconds, how long it may go on to the next piece: others wait for the thread. */
const SLICE = 2

/**
 * What a layer's first bytes decompress to, at once, on the thread that asks. It may be less than there is, or nothing: what is
 * broken, or asks for a long window, is for the thread that decompresses the whole to tell.
 */
const beginningOf = (first: Uint8Array, codec: Codec, slice: number): Uint8Array => {
  const end = performance.now() + slice
  const inflating = new Inflating({ codec, windowLog: USUAL })
  const output = new Uint8Array(MOST)
  try {
    for (let at = 0; at < Math.min(first.length, MOST_READ); at += PIECE) {
      inflating.push(first.subarray(at, at + PIECE))
      if (inflating.write(output, inflating.written) === "full" || performance.now() >= end) break
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
  } finally {
    inflating.close()
  }
  return output.subarray(0, inflating.written)
}

/** A stream without its first bytes. */
const without = <E, R>(length: number, stream: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.suspend(() => {
    let left = length
    return stream.pipe(
      Stream.map((piece) => {
        const rest = piece.subarray(left)
        left -= piece.length - rest.length
        return rest
      }),
      Stream.filter((rest) => rest.length > 0)
    )
  })

/**
 * Gives the beginning before `whole` is begun, which decompresses all of it on another thread: whoever finds a file near the start
 * never asks for more, and starts none.
 */
export const beginningFirst = <E, R>(
  first: Uint8Array,
  codec: Codec,
  whole: Stream.Stream<Uint8Array, E, R>,
  slice: number = SLICE
): Stream.Stream<Uint8Array, E, R> =>
  Stream.unwrap(
    Effect.map(turn, () => {
      const beginning = beginningOf(first, codec, slice)
      return beginning.length === 0 ? whole : Stream.concat(Stream.make(beginning), without(beginning.length, whole))
    })
  )
