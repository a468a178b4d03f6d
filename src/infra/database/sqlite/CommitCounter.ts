import { DatabaseSync, type StatementSync } from "node:sqlite"

/**
 * Tells whether anybody has committed to a file: a connection of its own, because SQLite tells each one only of the others'
 * commits (https://sqlite.org/pragma.html#pragma_data_version). It compares a few words of memory and waits for nobody.
 */
export class CommitCounter {
  readonly #database: DatabaseSync
  readonly #version: StatementSync

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 0, readOnly: true })
    this.#version = this.#database.prepare("pragma data_version")
  }

  /** Another number after each commit, or nothing where SQLite cannot say. */
  version(): number | undefined {
    try {
      return Number(this.#version.get()?.["data_version"])
    } catch {
      // Whoever then asks the database itself is told what is wrong with it, or waits until it can answer.
      return undefined
    }
  }

  close(): void {
    this.#database.close()
  }
}
