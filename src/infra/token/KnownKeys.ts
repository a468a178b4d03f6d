import { hash } from "node:crypto"

const FIELDS = 3 // 64 bits of the key's hash, and the second at which it ends
const SMALLEST = 1024
const FULLEST = 0.65

/**
 * Which keys may be there. Of each it keeps 64 bits of a hash and the end, 12 bytes in a table that is a third to two thirds
 * full: to a key that is kept it never says no; to one that is not it says yes once in 2^64 divided by the number that are kept.
 */
export class KnownKeys {
  #table = new Uint32Array(SMALLEST * FIELDS)
  #used = 0

  /** How many are kept; those that have ended are among them until room is needed. */
  get size(): number {
    return this.#used
  }

  get bytes(): number {
    return this.#table.byteLength
  }

  /** `until` in milliseconds of the epoch. */
  add(key: string, until: number, now: number): void {
    const slots = this.#table.length / FIELDS
    if (this.#used >= slots * FULLEST) this.#grow(now)
    const [high, low] = fingerprint(key)
    this.#put(high, low, Math.ceil(until / 1000))
  }

  has(key: string): boolean {
    const [high, low] = fingerprint(key)
    return this.#table[this.#find(high, low) + 2] !== 0
  }

  clear(): void {
    this.#table = new Uint32Array(SMALLEST * FIELDS)
    this.#used = 0
  }

  /** Where the fingerprint is, or where it would go: collisions are resolved by walking on. */
  #find(high: number, low: number): number {
    const table = this.#table
    const slots = table.length / FIELDS
    let slot = low % slots
    for (;;) {
      const at = slot * FIELDS
      if (table[at + 2] === 0 || (table[at] === high && table[at + 1] === low)) return at
      slot = slot + 1 === slots ? 0 : slot + 1
    }
  }

  #put(high: number, low: number, until: number): void {
    const at = this.#find(high, low)
    if (this.#table[at + 2] === 0) this.#used += 1
    this.#table[at] = high
    this.#table[at + 1] = low
    this.#table[at + 2] = Math.max(until, this.#table[at + 2] ?? 0)
  }

  /** Makes room, first by forgetting what has ended. */
  #grow(now: number): void {
    const old = this.#table
    const second = Math.floor(now / 1000)
    let live = 0
    for (let at = 2; at < old.length; at += FIELDS) if ((old[at] ?? 0) > second) live += 1
    let slots = SMALLEST
    while (live >= (slots * FULLEST) / 2) slots *= 2
    this.#table = new Uint32Array(slots * FIELDS)
    this.#used = 0
    for (let at = 0; at < old.length; at += FIELDS) {
      const until = old[at + 2] ?? 0
      if (until > second) this.#put(old[at] ?? 0, old[at + 1] ?? 0, until)
    }
  }
}

const fingerprint = (key: string): readonly [number, number] => {
  const digest = hash("sha256", key, "buffer")
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)]
}
