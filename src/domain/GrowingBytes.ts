/**
 * Bytes that come in pieces, put together as they come. Kept apart, a piece takes some four hundred bytes however small it is, and
 * who sends them one byte at a time fills with little what was to hold much (CWE-405).
 */
export class GrowingBytes {
  #room = new Uint8Array(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#room.length) {
      const room = new Uint8Array(Math.max(length, 2 * this.#room.length))
      room.set(this.#room.subarray(0, this.#length))
      this.#room = room
    }
    this.#room.set(piece, this.#length)
    this.#length = length
  }

  /** What has come so far; what comes from now on is gathered anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#room.subarray(0, this.#length)
    this.#room = new Uint8Array(0)
    this.#length = 0
    return taken
  }
}
