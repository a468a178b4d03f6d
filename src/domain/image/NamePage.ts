import type { Digest } from "../registry/Digest.ts"
import type { Entry } from "./Entry.ts"
import type { LayerPosition, SeenLayer } from "./Looks.ts"

/** An entry of a layer, by its place in the layer's listing. */
export interface NamePosition extends LayerPosition {
  readonly entry: number
}

/** A name in a layer that the searcher was shown. */
export interface Found {
  readonly image: string
  readonly digest: Digest
  readonly entry: Entry
}

export interface NamesWanted {
  /** Part of a path, in upper or lower case. */
  readonly query: string
  readonly from?: NamePosition
  /** Results on a page. */
  readonly limit: number
}

/** A page ends when so many entries were looked at, full or not: what a search costs is not for who asks to choose. */
const MOST_ENTRIES = 250_000
/** What finding a layer's listing costs, in entries. */
const LAYER_COSTS = 500

const isAt = (seen: SeenLayer, { image, digest, layer }: LayerPosition): boolean =>
  seen.image === image && seen.digest === digest && seen.layer === layer

/** A page of a search that goes through layers, each by itself. */
export class NamePage {
  readonly results: Array<Found> = []
  /** Where the next page begins; the page has ended when there is such a place. */
  next: NamePosition | undefined
  readonly #query: string
  readonly #limit: number
  readonly #from: NamePosition | undefined
  #left: number
  /** Where the layer is read that was begun last, and where in it the page begins. */
  #at = 0
  #first = 0

  constructor({ query, from, limit }: NamesWanted, mostEntries = MOST_ENTRIES) {
    this.#query = query.toLowerCase()
    this.#limit = limit
    this.#from = from
    this.#left = mostEntries
  }

  /** Begins a layer, if the page has not ended before it. */
  begin(seen: SeenLayer): boolean {
    this.#first = this.#from !== undefined && isAt(seen, this.#from) ? this.#from.entry : 0
    this.#at = 0
    if (this.#left <= 0) this.#end(seen, this.#first)
    this.#left -= LAYER_COSTS
    return this.next === undefined
  }

  /** Looks at the next entries of the layer; false when the page has ended among them. */
  look(seen: SeenLayer, entries: ReadonlyArray<Entry>): boolean {
    for (const entry of entries) {
      const at = this.#at++
      if (at < this.#first) continue
      const matches = entry.whiteout === undefined && entry.path.toLowerCase().includes(this.#query)
      if (this.#left-- <= 0 || (matches && this.results.length === this.#limit)) {
        this.#end(seen, at)
        return false
      }
      if (matches) this.results.push({ image: seen.image, digest: seen.digest, entry })
    }
    return true
  }

  #end({ image, digest, layer }: SeenLayer, entry: number): void {
    this.next = { image, digest, layer, entry }
  }
}
