import type { Bounds } from "../Limits.ts"
import { archive } from "./archive.ts"
import { Input } from "./Input.ts"
import type { Reading, TarStep } from "./TarStep.ts"

/**
 * Reads a tar archive that comes in chunks of any size. It does no I/O and keeps no more than one file's headers.
 *
 * Push a chunk, then call `next` until it says `More`; after the last chunk call `end` and `next` once more until it
 * says `End` or `Failed`, which it then repeats. An `Entry`'s content is passed over unless `wantContent` is called
 * before the next step; then it comes as `Data` and `Hole` up to `ContentEnd`.
 */
export class TarReader {
  readonly #input = new Input()
  readonly #steps: Reading<TarStep>
  #wanted = false

  constructor(limits: Bounds) {
    this.#steps = archive(this.#input, limits, () => {
      const wanted = this.#wanted
      this.#wanted = false
      return wanted
    })
  }

  push(chunk: Uint8Array): void {
    this.#input.push(chunk)
  }

  end(): void {
    this.#input.end()
  }

  wantContent(): void {
    this.#wanted = true
  }

  next(): TarStep {
    return this.#steps.next().value
  }
}
