import { Effect, type Scope, Stream } from "effect"
import type { Entry } from "./Entry.ts"
import { FileDeleted, type FileError, FileNotFound, LinkDangling, NotAFile } from "./FileError.ts"
import { LayerCorrupt, LayerLimitExceeded } from "./LayerError.ts"
import { type LayerCursor, openLayer } from "./LayerCursor.ts"
import type { Layers } from "./layers.ts"
import { resolve, type Resolution } from "./links.ts"
import { MAX_HOPS, MergedTree } from "./MergedTree.ts"
import { isWithin } from "./path.ts"
import type { ReadError } from "./ReadError.ts"

/** A regular file, and the cursor that stands at its content. */
export interface Located {
  readonly entry: Entry
  readonly cursor: LayerCursor
}

/** Layers, both included. */
export interface Range {
  readonly top: number
  readonly bottom: number
}

type LocateError = ReadError | FileError

/** Whether more of `layer` could still change an answer: what it hides itself, it may have again. */
const isOpen = (answer: Resolution, layer: number): boolean =>
  answer._tag === "Unknown" || (answer._tag === "Hidden" && answer.layer === layer)

/** Whether a file that was found is the entry just read, its content next. */
const isHere = (
  { path, sighting }: Extract<Resolution, { readonly _tag: "Found" }>,
  last: Entry | undefined
): last is Entry => sighting.type === "file" && last?.path === path && last.layer === sighting.layer

/** The failure that an answer with no file in it comes to. */
const failure = (answer: Exclude<Resolution, { readonly _tag: "Found" }>, path: string): FileError => {
  if (answer._tag === "Directory") return new NotAFile({ path: answer.path, type: "dir" })
  if (answer._tag === "Loop") return new LinkDangling({ path, target: answer.path, reason: "loop" })
  if (answer.viaLink) return new LinkDangling({ path, target: answer.path, reason: "missing" })
  return answer._tag === "Hidden" && answer.deleted
    ? new FileDeleted({ path, layer: answer.layer })
    : new FileNotFound({ path })
}

/** The file's own entry, in a layer that was read past it, or not at all. */
const reread = Effect.fnUntraced(function* (layers: Layers, layer: number, path: string) {
  const cursor = yield* openLayer(layers, layer)
  const entry = yield* cursor.scan((one) => one.path === path && one.type === "file" && one.whiteout === undefined)
  if (entry !== undefined) return { entry, cursor }
  return yield* new LayerCorrupt({ reason: "the layer is not the same when read again" })
})

/**
 * Reads layers from the top down, each only as far as it takes to know where a path leads, and stops at the file's
 * content. A layer whose listing is known is not read for that, only for the content. A hard link means the file as it was in
 * its own layer or below, so from there the search begins anew.
 */
export const locate: (
  layers: Layers,
  range: Range,
  path: string,
  hops?: number
) => Effect.Effect<Located, LocateError, Scope.Scope> = Effect.fnUntraced(function* (layers, range, path, hops = 0) {
  const tree = new MergedTree()
  const lookup = (at: string) => tree.lookup(at)
  const { maxEntries } = layers.limits
  let answer = resolve(lookup, path)
  const learn = (entry: Entry): void => {
    tree.enter(entry)
    if (isWithin(entry.path, answer.path)) answer = resolve(lookup, path)
  }
  const within = () =>
    tree.size > maxEntries
      ? Effect.fail(new LayerLimitExceeded({ limit: "entries", of: "layer", value: maxEntries }))
      : Effect.void
  for (let layer = range.top; layer >= range.bottom && isOpen(answer, layer); layer--) {
    const known = yield* layers.known(layer)
    if (known !== undefined) {
      yield* Stream.runForEachArray(known, (entries) => {
        for (const entry of entries) learn(entry)
        return within()
      })
      answer = resolve(lookup, path)
      continue
    }
    const cursor = yield* openLayer(layers, layer)
    const last = yield* cursor.scan((entry) => {
      learn(entry)
      return !isOpen(answer, layer) || tree.size > maxEntries
    })
    yield* within()
    if (last === undefined) answer = resolve(lookup, path)
    if (answer._tag === "Found" && isHere(answer, last)) return { entry: last, cursor }
    yield* cursor.close
  }

  if (answer._tag !== "Found") return yield* failure(answer, path)
  const { type, layer, link } = answer.sighting
  if (type === "file") return yield* reread(layers, layer, answer.path)
  if (type !== "hardlink" || link === undefined) return yield* new NotAFile({ path: answer.path, type })
  if (hops >= MAX_HOPS) return yield* new LinkDangling({ path, target: link, reason: "loop" })
  return yield* locate(layers, { top: layer, bottom: range.bottom }, link, hops + 1).pipe(
    Effect.catchTag(["FileNotFound", "FileDeleted"], () =>
      Effect.fail(new LinkDangling({ path, target: link, reason: "missing" }))
    )
  )
})
