import { LayerCorrupt } from "../LayerError.ts"
import { fail, More, type Reading } from "./TarStep.ts"

const NOTHING = new Uint8Array(0)

/** The bytes pushed and not yet used. It holds one chunk, so whoever reads must use it up before the next. */
export class Input {
  #chunk: Uint8Array = NOTHING
  #offset = 0
  #ended = false

  push(chunk: Uint8Array): void {
    this.#chunk = chunk
    this.#offset = 0
  }

  end(): void {
    this.#ended = true
    // It was used up, and by now may be anybody's.
    this.#chunk = NOTHING
    this.#offset = 0
  }

  /** The next `size` bytes, or fewer at the end of the input. A view where the chunk has them all, good until a push. */
  *take(size: number): Reading<Uint8Array> {
    const start = this.#offset
    if (this.#chunk.length - start >= size) {
      this.#offset = start + size
      return this.#chunk.subarray(start, this.#offset)
    }
    const taken = new Uint8Array(size)
    let filled = 0
    while (filled < size) {
      const part = yield* this.some(size - filled)
      if (part === undefined) return taken.subarray(0, filled)
      taken.set(part, filled)
      filled += part.length
    }
    return taken
  }

  /** From 1 to `most` bytes, as they lie in the chunk; undefined at the end of the input. */
  *some(most: number): Reading<Uint8Array | undefined> {
    while (this.#offset === this.#chunk.length) {
      if (this.#ended) return undefined
      yield More
    }
    const start = this.#offset
    this.#offset = Math.min(start + most, this.#chunk.length)
    return this.#chunk.subarray(start, this.#offset)
  }

  /** Passes over `size` bytes without looking at them, and says how many there were. */
  *skip(size: number): Reading<number> {
    let left = size
    for (;;) {
      const step = Math.min(left, this.#chunk.length - this.#offset)
      this.#offset += step
      left -= step
      if (left === 0 || this.#ended) return size - left
      yield More
    }
  }

  /** The next `size` bytes, all of them. */
  *exactly(size: number): Reading<Uint8Array> {
    const bytes = yield* this.take(size)
    return bytes.length === size ? bytes : yield* cutShort()
  }
}

export function* cutShort(): Reading<never> {
  return yield* fail(new LayerCorrupt({ reason: "the archive is cut short" }))
}
