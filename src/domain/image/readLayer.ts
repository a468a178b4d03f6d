import { Array as Arr, Cause, Effect, Pull, Stream } from "effect"
import type { Entry } from "./Entry.ts"
import type { LayerError } from "./LayerError.ts"
import { LayerReader, type LayerStep } from "./LayerReader.ts"
import type { Bounds } from "./Limits.ts"
import { type EntriesCounter, entriesCounter } from "./entriesCounter.ts"

/**
 * The entries of a layer as its archive's bytes come; contents are passed over. The stream ends only after the bytes
 * have, so whatever their source checks at its end has been checked. What was read before a failure comes before it.
 */
export const readLayer = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  layer: number,
  limits: Bounds,
  counted: EntriesCounter = entriesCounter(limits)
): Stream.Stream<Entry, E | LayerError, R> =>
  Stream.transformPull(archive, (pull) =>
    Effect.sync(() => {
      const reader = new LayerReader(layer, limits, counted)
      let last: LayerStep = reader.next()

      const read = (entries: Array<Entry>) => {
        do {
          last = reader.next()
          if (last._tag === "Entry") entries.push(last.entry)
        } while (last._tag === "Entry")
      }

      return Effect.gen(function* () {
        const entries: Array<Entry> = []
        while (!Arr.isArrayNonEmpty(entries)) {
          if (last._tag === "Failed") return yield* last.error
          const chunks = yield* Pull.catchDone(pull, () => Effect.undefined)
          if (chunks === undefined) {
            if (last._tag === "End") return yield* Cause.done()
            reader.end()
            read(entries)
          } else {
            for (const chunk of chunks) {
              reader.push(chunk)
              read(entries)
            }
          }
        }
        return entries
      })
    })
  )
