import { Effect, Option, Stream } from "effect"
import type { Principal } from "../access/Principal.ts"
import { parse, repositoryOf } from "../registry/Reference.ts"
import { KnownBlobs } from "./KnownBlobs.ts"
import { type LayerPosition, Looks, type SeenLayer } from "./Looks.ts"
import { NamePage, type NamesWanted } from "./NamePage.ts"

export interface SearchRequest extends NamesWanted {
  /** The whole reference. */
  readonly image?: string
}

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

/**
 * Looks for part of a name in the layers that the caller was shown, as far as their listings are still known; each layer by
 * itself, so what a layer above hides is found too. `next` is where the next page begins.
 */
export const searchNames = Effect.fn("searchNames")(function* (caller: Principal, request: SearchRequest) {
  const page = new NamePage(request)
  const searchLayer = Effect.fnUntraced(function* (seen: SeenLayer) {
    if (!page.begin(seen)) return false
    const entries = yield* listingOf(seen)
    yield* Stream.runForEachWhile(Stream.chunks(entries), (some) => Effect.sync(() => page.look(seen, some)))
    return page.next === undefined
  })
  yield* Stream.runForEachWhile(seenLayers(caller, request), searchLayer)
  const { next, results } = page
  return { results, ...(next !== undefined && { next }) }
})
