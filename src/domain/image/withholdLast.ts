import { Array as Arr, Cause, Effect, Pull, Stream } from "effect"

/**
 * Keeps the last bytes back until the stream has ended well. Whoever was promised a length then notices a stream that
 * fails at its very end, as one does whose digest is wrong: it is too short.
 */
export const withholdLast = <E, R>(stream: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.transformPull(stream, (pull) =>
    Effect.sync(() => {
      let held: Arr.NonEmptyArray<Uint8Array> | undefined
      let ended = false
      return Effect.gen(function* () {
        while (!ended) {
          const pulled = yield* Pull.catchDone(pull, () => Effect.undefined)
          // A piece without bytes would hold nothing back.
          const next = pulled?.filter((piece) => piece.length > 0)
          if (next !== undefined && !Arr.isArrayNonEmpty(next)) continue
          const ready = held
          held = next
          ended = next === undefined
          if (ready !== undefined) return ready
        }
        return yield* Cause.done()
      })
    })
  )
