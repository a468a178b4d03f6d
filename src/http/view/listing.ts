import { Duration } from "effect"
import type { Entry } from "../../domain/image/Entry.ts"
import type { Peek } from "../../domain/image/peek.ts"
import { format } from "../../domain/registry/Reference.ts"
import { viewEntry } from "./entry.ts"

interface Listing {
  readonly entries: ReadonlyArray<Entry>
  readonly bytesFetched: number
  readonly elapsed: Duration.Duration
}

/** A listing that was read to its end, as one document. */
export const viewListing = ({ reference, digest }: Peek, { entries, bytesFetched, elapsed }: Listing) => ({
  image: format(reference),
  digest,
  complete: true,
  entries: entries.map(viewEntry),
  bytes_fetched: bytesFetched,
  elapsed_ms: Duration.toMillis(elapsed)
})
