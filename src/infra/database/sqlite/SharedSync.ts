/** One sync for everybody who waits for the disk. */
export class SharedSync {
  readonly #sync: () => Promise<void>
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(sync: () => Promise<void>) {
    this.#sync = sync
  }

  /** Resolves when a sync that began after the call is done. */
  async done(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    // The one that runs may have begun before what the caller wrote.
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      return this.#start()
    })
    return this.#next
  }

  /** After a failure nobody knows what is on the disk, and a later success would not tell: all that follow fail as well. */
  async #start(): Promise<void> {
    this.#running = this.#sync()
    await this.#running
    this.#running = undefined
  }
}
