import { Result } from "effect"
import type { Entry } from "./Entry.ts"
import type { TarStep } from "./layer/TarStep.ts"
import { TarReader } from "./layer/TarReader.ts"
import type { Bounds } from "./Limits.ts"
import { type EntriesCounter, entriesCounter } from "./entriesCounter.ts"
import { asEntry } from "./whiteout.ts"

/** What the reader of a layer comes upon: an archive's steps, its entries as what they mean in a layer. */
export type LayerStep = Exclude<TarStep, { readonly _tag: "Entry" }> | { readonly _tag: "Entry"; readonly entry: Entry }

/** A `TarReader` for an archive that is a layer: it knows whiteouts, and drops what is nobody's file. */
export class LayerReader {
  readonly #archive: TarReader
  readonly #layer: number
  readonly #counted: EntriesCounter
  #failed: LayerStep | undefined

  constructor(layer: number, limits: Bounds, counted: EntriesCounter = entriesCounter(limits)) {
    this.#archive = new TarReader(limits)
    this.#layer = layer
    this.#counted = counted
  }

  push(chunk: Uint8Array): void {
    this.#archive.push(chunk)
  }

  end(): void {
    this.#archive.end()
  }

  wantContent(): void {
    this.#archive.wantContent()
  }

  next(): LayerStep {
    if (this.#failed !== undefined) return this.#failed
    for (;;) {
      const step = this.#archive.next()
      if (step._tag !== "Entry") return step
      const entry = Result.andThen(this.#counted(step.entry), (counted) => asEntry(counted, this.#layer))
      if (Result.isFailure(entry)) {
        this.#failed = { _tag: "Failed", error: entry.failure }
        return this.#failed
      }
      if (entry.success !== undefined) return { _tag: "Entry", entry: entry.success }
    }
  }
}
