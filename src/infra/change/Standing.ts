interface Kept<A> {
  readonly value: A
  readonly grounds: ReadonlyArray<string>
}

/** Values, each with the grounds on which it stands: with one of its grounds it goes. */
export class Standing<A> {
  readonly #capacity: number
  readonly #kept = new Map<string, Kept<A>>()
  readonly #standingOn = new Map<string, Set<string>>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(key: string): A | undefined {
    return this.#kept.get(key)?.value
  }

  /** The one that was kept longest goes when there are too many. */
  set(key: string, value: A, grounds: ReadonlyArray<string>): void {
    this.#remove(key)
    this.#kept.set(key, { value, grounds })
    for (const ground of grounds) {
      const standing = this.#standingOn.get(ground)
      if (standing === undefined) this.#standingOn.set(ground, new Set([key]))
      else standing.add(key)
    }
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > this.#capacity && oldest !== undefined) this.#remove(oldest)
  }

  /** Lets go of all that stands on this. */
  withdraw(ground: string): void {
    for (const key of this.#standingOn.get(ground) ?? []) this.#remove(key)
  }

  clear(): void {
    this.#kept.clear()
    this.#standingOn.clear()
  }

  #remove(key: string): void {
    const kept = this.#kept.get(key)
    if (kept === undefined) return
    this.#kept.delete(key)
    for (const ground of kept.grounds) {
      const standing = this.#standingOn.get(ground)
      standing?.delete(key)
      if (standing?.size === 0) this.#standingOn.delete(ground)
    }
  }
}
