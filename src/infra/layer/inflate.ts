import { Cause, Effect, Pull, Scope, Stream } from "effect"
import { LayerCorrupt, type LayerError } from "../../domain/image/LayerError.ts"
import type { Member } from "./compression.ts"
import { Running } from "./Running.ts"

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

/**
 * Decompresses gzip members to the end of the input. One chunk is in the works at a time, so what lies behind the last
 * member's end is known exactly: zeros are padding. Back-pressure is the native stream's own; the stream's scope destroys it.
 */
export const inflate = <E, R>(
  compressed: Stream.Stream<Uint8Array, E, R>,
  begin: () => Member
): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.transformPull(compressed, (pull, scope) =>
    Effect.gen(function* () {
      let waiting: Array<Uint8Array> = []
      const running = new Running(begin())
      yield* Scope.addFinalizer(
        scope,
        Effect.sync(() => running.destroy())
      )

      /** The next chunk that is not empty, or undefined at the end of the input. */
      const input: Effect.Effect<Uint8Array | undefined, E> = Effect.suspend(() => {
        const chunk = waiting.shift()
        if (chunk !== undefined) return chunk.length > 0 ? Effect.succeed(chunk) : input
        return Pull.catchDone(
          Effect.flatMap(pull, (chunks) => {
            waiting = [...chunks]
            return input
          }),
          () => Effect.undefined
        )
      })

      const afterMembers = Effect.gen(function* () {
        for (let rest: Uint8Array | undefined = running.rest; rest !== undefined; rest = yield* input) {
          if (!isZero(rest)) return yield* new LayerCorrupt({ reason: "something follows the compressed data" })
        }
        return yield* Cause.done()
      })

      return Effect.gen(function* () {
        for (;;) {
          const output = yield* running.next
          if (output === "ended") yield* afterMembers
          else if (output !== "hungry") return [output] as const
          else {
            const chunk = yield* input
            if (chunk === undefined) running.end()
            else running.write(chunk)
          }
        }
      })
    })
  )
