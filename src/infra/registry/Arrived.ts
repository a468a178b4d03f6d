import { GrowingBytes } from "../../domain/GrowingBytes.ts"

/** A chunk of fewer bytes is copied to its neighbours; larger ones are passed on as they are. */
const SMALL = 4096

/** Chunks that wait for their reader. */
export class Arrived {
  #chunks: Array<Uint8Array> = []
  readonly #small = new GrowingBytes()
  #length = 0

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (chunk.length < SMALL) return this.#small.add(chunk)
    this.#settle()
    this.#chunks.push(chunk)
  }

  take(): ReadonlyArray<Uint8Array> {
    this.#settle()
    const taken = this.#chunks
    this.#chunks = []
    this.#length = 0
    return taken
  }

  #settle(): void {
    if (this.#small.length > 0) this.#chunks.push(this.#small.take())
  }
}
