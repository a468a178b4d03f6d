import { Effect, Option, Stream } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Digest } from "../registry/Digest.ts"
import { parse, repositoryOf } from "../registry/Reference.ts"
import type { Entry } from "./Entry.ts"
import { KnownBlobs } from "./KnownBlobs.ts"
import { type LayerPosition, Looks, type SeenLayer } from "./Looks.ts"

/** An entry of a layer, by its place in the layer's listing. */
export interface NamePosition extends LayerPosition {
  readonly entry: number
}

interface SearchRequest {
  /** Part of a path, in upper or lower case. */
  readonly query: string
  /** The whole reference. */
  readonly image?: string
  readonly from?: NamePosition
  readonly limit: number
}

/** A name in a layer that the searcher was shown. */
export interface Found {
  readonly image: string
  readonly digest: Digest
  readonly entry: Entry
}

/** A page ends when so many entries were looked at, full or not: what a search costs is not for who asks to choose. */
const MOST_ENTRIES = 250_000
/** What finding a layer's listing costs, in entries. */
const LAYER_COSTS = 500
const LAYERS_AT_ONCE = 100

/** The layers the caller was shown, from a place on, as they are needed. */
const seenLayers = ({ user }: Principal, { image, from }: Pick<SearchRequest, "image" | "from">) =>
  Stream.paginate(
    from,
    Effect.fnUntraced(function* (position: LayerPosition | undefined) {
      const looks = yield* Looks
      const layers = yield* looks.seen(user.id, {
        ...(image !== undefined && { image }),
        ...(position !== undefined && { from: position }),
        limit: LAYERS_AT_ONCE
      })
      const last = layers.length < LAYERS_AT_ONCE ? undefined : layers.at(-1)
      const next = last && { ...last, layer: last.layer + 1 }
      return [layers, Option.fromUndefinedOr<LayerPosition | undefined>(next)] as const
    })
  )

/** What is known of a layer, in the repository it was seen in. */
const listingOf = Effect.fnUntraced(function* ({ image, layer, layerDigest }: SeenLayer) {
  const blobs = yield* KnownBlobs
  const repository = repositoryOf(yield* Effect.orDie(Effect.fromResult(parse(image))))
  return (yield* blobs.listing({ repository, digest: layerDigest }, layer)) ?? Stream.empty
})

const isAt = (seen: SeenLayer, { image, digest, layer }: LayerPosition): boolean =>
  seen.image === image && seen.digest === digest && seen.layer === layer

/**
 * Looks for part of a name in the layers that the caller was shown, as far as their listings are still known; each layer by
 * itself, so what a layer above hides is found too. `next` is where the next page begins.
 */
export const searchNames = Effect.fn("searchNames")(function* (caller: Principal, request: SearchRequest) {
  const { from, limit } = request
  const query = request.query.toLowerCase()
  const results: Array<Found> = []
  let left = MOST_ENTRIES
  let next: NamePosition | undefined

  const searchLayer = Effect.fnUntraced(function* (seen: SeenLayer) {
    const { image, digest, layer } = seen
    const first = from !== undefined && isAt(seen, from) ? from.entry : 0
    let position = 0
    const isDone = (entry: Entry): boolean => {
      const at = position++
      if (at < first) return false
      const matches = entry.whiteout === undefined && entry.path.toLowerCase().includes(query)
      if (left-- <= 0 || (matches && results.length === limit)) {
        next = { image, digest, layer, entry: at }
        return true
      }
      if (matches) results.push({ image, digest, entry })
      return false
    }
    if (left <= 0) next = { image, digest, layer, entry: first }
    left -= LAYER_COSTS
    if (next !== undefined) return false
    const entries = yield* listingOf(seen)
    yield* Stream.runForEachWhile(Stream.chunks(entries), (some) => Effect.sync(() => !some.some(isDone)))
    return next === undefined
  })

  yield* Stream.runForEachWhile(seenLayers(caller, request), searchLayer)
  return { results, ...(next !== undefined && { next }) }
})
