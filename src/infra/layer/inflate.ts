import { Cause, Effect, Pull, Scope, Stream } from "effect"
import type { LayerError } from "../../domain/image/LayerError.ts"
import { turn } from "../eventLoop/turns.ts"
import type { Coding } from "./compression.ts"
import { Inflater } from "./Inflater.ts"
import type { InflateThreads } from "./InflateThreads.ts"

/** Copies chunks, as many bytes as there is room for; what of them is left, and how many were copied. */
const pack = (chunks: ReadonlyArray<Uint8Array>, buffer: ArrayBuffer) => {
  const into = new Uint8Array(buffer)
  const rest = [...chunks]
  let length = 0
  for (let chunk = rest.shift(); chunk !== undefined; chunk = rest.shift()) {
    const part = chunk.subarray(0, into.length - length)
    into.set(part, length)
    length += part.length
    if (part.length === chunk.length) continue
    rest.unshift(chunk.subarray(part.length))
    break
  }
  return { length, rest }
}

/** Up to here no more is asked for than is read: a carve may end with the first part of its layer (docs/adr/0026). */
const SPARING = 1024 * 1024

/**
 * Decompresses to the end of the input, on another thread, some buffers ahead of whoever reads more than its beginning. A piece
 * of the output is good until the next is asked for. When the input fails, what it held is put out before that is told.
 */
export const inflate = <E, R>(
  compressed: Stream.Stream<Uint8Array, E, R>,
  coding: Coding,
  threads: InflateThreads
): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.transformPull(compressed, (pull, scope) =>
    Effect.gen(function* () {
      const inflater = yield* Effect.acquireRelease(
        Effect.sync(() => new Inflater(threads, coding)),
        (begun) => Effect.sync(() => begun.close())
      ).pipe(Effect.provideService(Scope.Scope, scope))
      let failed: Effect.Effect<never, E> | undefined

      const feed = Effect.gen(function* () {
        let fed = 0
        for (;;) {
          if (fed < SPARING) yield* inflater.hungry
          let rest: ReadonlyArray<Uint8Array> = yield* pull
          while (rest.length > 0) {
            const buffer = yield* inflater.empty
            const packed = pack(rest, buffer)
            inflater.send(buffer, packed.length)
            fed += packed.length
            rest = packed.rest
          }
        }
      })
      yield* Pull.matchEffect(feed, {
        onSuccess: () => Effect.void,
        onDone: () => Effect.sync(() => inflater.end(true)),
        onFailure: (cause) =>
          Effect.sync(() => {
            failed = Effect.failCause(cause)
            inflater.end(false)
          })
      }).pipe(Effect.forkIn(scope))

      return Effect.gen(function* () {
        const output = yield* Pull.catchDone(inflater.next, () => Effect.undefined)
        if (output !== undefined) return yield* Effect.as(turn, [output] as const)
        if (failed !== undefined) yield* failed
        return yield* Cause.done()
      })
    })
  )
