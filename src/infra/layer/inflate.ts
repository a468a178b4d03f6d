import { Cause, Effect, Pull, Scope, Stream } from "effect"
import { LayerCorrupt, type LayerError } from "../../domain/image/LayerError.ts"
import type { Member } from "./compression.ts"
import { concat } from "./concat.ts"
import { Running } from "./Running.ts"

/** What bytes after the end of a member are: the next one, padding, or an offence. */
export type Trailer = (rest: Uint8Array) => "member" | "padding" | "garbage"

/** Enough to know what follows a member. */
const TRAILER_LENGTH = 4

const garbage = new LayerCorrupt({ reason: "something follows the compressed data" })

/**
 * Decompresses member after member to the end of the input. One chunk is in the works at a time, so what lies behind a
 * member's end is known exactly; back-pressure is the native stream's own. The stream's scope destroys it.
 */
export const inflate = <E, R>(
  compressed: Stream.Stream<Uint8Array, E, R>,
  begin: () => Member,
  trailer: Trailer
): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.transformPull(compressed, (pull, scope) =>
    Effect.gen(function* () {
      let waiting: Array<Uint8Array> = []
      let running = new Running(begin())
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

      const afterMember = Effect.gen(function* () {
        let rest = running.rest
        for (;;) {
          while (rest.length < TRAILER_LENGTH) {
            const more = yield* input
            if (more === undefined) break
            rest = concat(rest, more)
          }
          if (rest.length === 0) return yield* Cause.done()
          const kind = trailer(rest)
          if (kind === "garbage") return yield* garbage
          if (kind === "member") break
          rest = new Uint8Array(0)
        }
        running.destroy()
        running = new Running(begin())
        running.write(rest)
      })

      return Effect.gen(function* () {
        for (;;) {
          const output = yield* running.next
          if (output === "ended") yield* afterMember
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
