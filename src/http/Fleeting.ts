/**
 * What is there for a moment, such as requests and their fibers, in no order. A `Set` is not for them: V8 leaves the table that a
 * set has outgrown linked to the next, so that one that has grown old keeps all later ones, and whatever they held, until the
 * whole heap is collected (docs/adr/0068).
 */
export class Fleeting<A extends object> implements Iterable<A> {
  readonly #items: Array<A> = []

  get size(): number {
    return this.#items.length
  }

  add(item: A): void {
    this.#items.push(item)
  }

  /** Looks for it from the end, where most of those are that go. */
  delete(item: A): void {
    const at = this.#items.lastIndexOf(item)
    if (at === -1) return
    const last = this.#items.pop()
    if (last !== undefined && at < this.#items.length) this.#items[at] = last
  }

  /** All that are there now, whoever goes while they are looked at. */
  [Symbol.iterator](): Iterator<A> {
    return [...this.#items][Symbol.iterator]()
  }
}
