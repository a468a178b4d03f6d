import { Effect, Scope, Stream } from "effect"
import type { Entry } from "./Entry.ts"
import { LayerLimitExceeded } from "./LayerError.ts"
import type { Layers } from "./layers.ts"
import type { Bounds } from "./Limits.ts"
import { resolve } from "./links.ts"
import { MergedTree } from "./MergedTree.ts"
import type { ReadError } from "./ReadError.ts"

interface Waiting {
  readonly entry: Entry
  readonly target: string
}

/** Links may be many and their paths long: after so many of them everybody else has a turn. */
const LINKS_AT_ONCE = 16

/**
 * Puts layers, from the top down, on one another. It keeps hard links back until the file they mean, and so their size,
 * is known: that file is in their own layer or in one below it.
 */
class Merging {
  readonly #tree = new MergedTree()
  #waiting: Array<Waiting> = []

  get size(): number {
    return this.#tree.size
  }

  /** The entry as the merged view shows it, if it does so, and now. */
  enter(entry: Entry): ReadonlyArray<Entry> {
    if (!this.#tree.enter(entry)) return []
    if (entry.type !== "hardlink" || entry.link === undefined) return [entry]
    return this.#sized({ entry, target: entry.link }, entry.layer, (waiting) => this.#waiting.push(waiting))
  }

  /** The hard links that are known at the end of a layer, some at a time; after the last one, also those that lead nowhere. */
  *endLayer(layer: number): Generator<ReadonlyArray<Entry>> {
    const all = this.#waiting
    this.#waiting = []
    for (let at = 0; at < all.length; at += LINKS_AT_ONCE) {
      const known = all
        .slice(at, at + LINKS_AT_ONCE)
        .flatMap((waiting) => this.#sized(waiting, layer, (next) => this.#waiting.push(next)))
      yield layer === 0 ? [...known, ...this.#waiting.splice(0).map((waiting) => this.#throughLinks(waiting))] : known
    }
  }

  /** A hard link whose path leads through a symbolic one: to the file that is seen there, unless it is newer than the link. */
  #throughLinks({ entry, target }: Waiting): Entry {
    const found = resolve((path) => this.#tree.lookup(path), target)
    if (found._tag !== "Found" || found.sighting.layer > entry.layer) return entry
    return { ...entry, size: found.sighting.size }
  }

  #sized({ entry, target }: Waiting, layer: number, wait: (waiting: Waiting) => void): ReadonlyArray<Entry> {
    const found = this.#tree.linked(target, layer)
    if (typeof found !== "string") return [{ ...entry, size: found?.size ?? 0 }]
    wait({ entry, target: found })
    return []
  }
}

const enterAll = (merging: Merging, entries: ReadonlyArray<Entry>, { maxEntries }: Bounds) =>
  Effect.suspend(() => {
    const shown = entries.flatMap((entry) => merging.enter(entry))
    return merging.size > maxEntries
      ? Effect.fail(new LayerLimitExceeded({ limit: "entries", of: "layer", value: maxEntries }))
      : Effect.succeed(shown)
  })

/** Layers that are read at once: the one whose turn it is, and those below it. */
const LAYERS_AT_ONCE = 3
/** Of a layer that waits for those above it: pieces of its listing, each of some hundred entries at most. */
const ahead = { capacity: 16 } as const

/** The layers' entries in this order; layers are begun, once, before it is their turn. */
const inTurn = Effect.fnUntraced(function* (layers: Layers, indices: ReadonlyArray<number>) {
  const scope = yield* Effect.scope
  const begin = (layer: number) =>
    Effect.cached(Scope.provide(Stream.toPull(Stream.bufferArray(layers.entries(layer), ahead)), scope))
  const begun = yield* Effect.forEach(indices, (layer) => Effect.map(begin(layer), (pull) => ({ layer, pull })))
  return begun.map(({ layer, pull }, turn) => {
    const next = begun.slice(turn + 1, turn + LAYERS_AT_ONCE)
    const entries = Effect.tap(pull, () => Effect.forEach(next, (one) => one.pull, { discard: true }))
    return { layer, entries: Stream.fromPull(entries) }
  })
})

/**
 * The files of the whole image, layer by layer from the top, as early as it is certain that they are shown. A path that
 * comes twice in one layer comes twice here too: the later entry takes the place of the earlier.
 */
export const mergedEntries = (layers: Layers): Stream.Stream<Entry, ReadError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const merging = new Merging()
      const indices = layers.descriptors.map((_, index) => index).toReversed()
      const turns = yield* inTurn(layers, indices)
      return Stream.flatMap(Stream.fromIterable(turns), ({ layer, entries: found }) =>
        found.pipe(
          Stream.chunks,
          Stream.mapEffect((entries) => enterAll(merging, entries, layers.limits)),
          Stream.flattenIterable,
          Stream.concat(
            Stream.suspend(() => Stream.fromIterable(merging.endLayer(layer), { chunkSize: 1 })).pipe(
              Stream.mapEffect((known) => Effect.as(Effect.yieldNow, known)),
              Stream.flattenIterable
            )
          )
        )
      )
    })
  )
