import { Array as Arr, Cause, Effect, Exit, Pull, Scope, Stream } from "effect"
import type { Entry } from "./Entry.ts"
import { LayerReader, type LayerStep } from "./LayerReader.ts"
import type { Layers } from "./layers.ts"
import type { ReadError } from "./ReadError.ts"

/** A layer being read for what is in it, no further than it takes. */
export interface LayerCursor {
  /** Reads up to the next entry for which `stop` holds; undefined after the last. */
  readonly scan: (stop: (entry: Entry) => boolean) => Effect.Effect<Entry | undefined, ReadError>
  /** The content of the entry that `scan` stopped at. Its end closes the cursor. */
  readonly content: Stream.Stream<Uint8Array, ReadError>
  /** Cuts the connection; the caller's scope does so too. */
  readonly close: Effect.Effect<void>
}

/** Given out again and again: nobody may write to it. */
const zeros = new Uint8Array(64 * 1024)

export const openLayer = Effect.fnUntraced(function* (layers: Layers, layer: number) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const pull = yield* Scope.provide(Stream.toPull(layers.archive(layer, "sparing")), scope)
  const close = Scope.close(scope, Exit.void)
  const reader = new LayerReader(layer, layers.limits, layers.counted)
  let waiting: Array<Uint8Array> = []
  let hole = 0

  /** Gives the reader more to read. */
  const feed = Effect.gen(function* () {
    if (waiting.length === 0) waiting = [...(yield* Pull.catchDone(pull, () => Effect.succeed([])))]
    const chunk = waiting.shift()
    if (chunk === undefined) reader.end()
    else reader.push(chunk)
  })

  const scan = Effect.fnUntraced(function* (stop: (entry: Entry) => boolean) {
    for (;;) {
      let step = reader.next()
      while (step._tag === "Entry" && !stop(step.entry)) step = reader.next()
      if (step._tag === "Entry") return step.entry
      if (step._tag === "Failed") return yield* step.error
      if (step._tag === "End") return undefined
      yield* feed
    }
  })

  const nextContent: Pull.Pull<readonly [Uint8Array, ...Array<Uint8Array>], ReadError> = Effect.gen(function* () {
    for (;;) {
      if (hole > 0) {
        const part = zeros.subarray(0, hole)
        hole -= part.length
        return Arr.of(part)
      }
      const step: LayerStep = reader.next()
      // Whoever is given it may keep it, the archive's own piece is used again.
      if (step._tag === "Data") return Arr.of(step.bytes.slice())
      if (step._tag === "Hole") hole = step.size
      else if (step._tag === "Failed") return yield* step.error
      else if (step._tag === "More") yield* feed
      else return yield* Effect.andThen(close, Cause.done())
    }
  })

  const content = Stream.fromPull(
    Effect.sync(() => {
      reader.wantContent()
      return nextContent
    })
  )
  const cursor: LayerCursor = { scan, content, close }
  return cursor
})
