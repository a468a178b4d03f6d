import { zstdDecompressSync } from "node:zlib"
import { Array as Arr, Cause, Effect, Pull, Scope, Stream } from "effect"
import { LayerCorrupt, type LayerError } from "../../domain/image/LayerError.ts"
import { zstd } from "./compression.ts"
import { concat } from "./concat.ts"
import { Running, toError } from "./Running.ts"
import { isSkippable, isZstdFrame, smallFrameEnd } from "./zstdFrame.ts"

const NOTHING = new Uint8Array(0)
const corrupt = (reason: string) => new LayerCorrupt({ reason })

/** Magic number and length of a skippable frame. */
const SKIPPABLE_HEADER = 8
const FRAMES_AT_ONCE = 32
const BYTES_AT_ONCE = 128 * 1024

interface Done {
  readonly output: ReadonlyArray<Uint8Array>
  readonly used: number
}

/** Decompresses the small frames at the beginning, some of them. */
const smallFrames = (bytes: Uint8Array): Effect.Effect<Done, LayerError> =>
  Effect.try({
    try: () => {
      const output: Array<Uint8Array> = []
      let used = 0
      let total = 0
      for (let frames = 0; frames < FRAMES_AT_ONCE && total < BYTES_AT_ONCE; frames++) {
        const next = bytes.subarray(used)
        const end = isZstdFrame(next) && !isSkippable(next) ? smallFrameEnd(next) : undefined
        if (end === undefined) break
        const content = zstdDecompressSync(next.subarray(0, end))
        used += end
        total += content.length
        if (content.length > 0) output.push(content)
      }
      return { output, used }
    },
    catch: (error) => toError(error instanceof Error ? error : new Error(String(error)))
  })

/**
 * Decompresses frame after frame to the end of the input. Images made for lazy pulling have a frame a file, hostile ones a
 * frame a byte: small frames are done here and now, a few at a time, because a native stream for each takes seven times
 * as long. The stream's scope destroys the native one.
 */
export const unzstd = <E, R>(
  compressed: Stream.Stream<Uint8Array, E, R>
): Stream.Stream<Uint8Array, E | LayerError, R> =>
  Stream.transformPull(compressed, (pull, scope) =>
    Effect.gen(function* () {
      let waiting: Array<Uint8Array> = []
      let rest: Uint8Array = NOTHING
      let running: Running | undefined
      yield* Scope.addFinalizer(
        scope,
        Effect.sync(() => running?.destroy())
      )

      /** The next chunk that is not empty, or undefined at the end of the input. */
      const input: Effect.Effect<Uint8Array | undefined, E, R> = Effect.suspend(() => {
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

      /** Sees to it that so many bytes are at hand, if there are as many. */
      const atHand = Effect.fnUntraced(function* (length: number) {
        while (rest.length < length) {
          const more = yield* input
          if (more === undefined) return
          rest = concat(rest, more)
        }
      })

      const skip = Effect.gen(function* () {
        yield* atHand(SKIPPABLE_HEADER)
        if (rest.length < SKIPPABLE_HEADER) return yield* corrupt("the compressed data is cut short")
        let left = new DataView(rest.buffer, rest.byteOffset).getUint32(4, true)
        rest = rest.subarray(SKIPPABLE_HEADER)
        while (left > rest.length) {
          left -= rest.length
          rest = (yield* input) ?? NOTHING
          if (rest.length === 0) return yield* corrupt("the compressed data is cut short")
        }
        rest = rest.subarray(left)
      })

      const nextFrame = Effect.gen(function* () {
        yield* atHand(4)
        if (rest.length === 0) return yield* Cause.done()
        if (!isZstdFrame(rest)) return yield* corrupt("something follows the compressed data")
        yield* Effect.yieldNow
        if (isSkippable(rest)) {
          for (let frames = 0; frames < FRAMES_AT_ONCE && isSkippable(rest); frames++) {
            yield* skip
            yield* atHand(4)
          }
          return []
        }
        const { output, used } = yield* smallFrames(rest)
        if (used === 0) {
          running = new Running(zstd())
          running.write(rest)
        }
        rest = used === 0 ? NOTHING : rest.subarray(used)
        return output
      })

      const step = Effect.fnUntraced(function* (native: Running) {
        const output = yield* native.next
        if (output === "ended") {
          rest = native.rest
          native.destroy()
          running = undefined
        } else if (output === "hungry") {
          const chunk = yield* input
          if (chunk === undefined) native.end()
          else native.write(chunk)
        } else return [output]
        return []
      })

      return Effect.gen(function* () {
        for (;;) {
          const output = yield* running === undefined ? nextFrame : step(running)
          if (Arr.isReadonlyArrayNonEmpty(output)) return output
        }
      })
    })
  )
