import type { DatabaseSync, StatementSync } from "node:sqlite"

interface Prepared {
  readonly statement: StatementSync
  /** Whether it answers with rows. */
  readonly reads: boolean
}

// The service has a few dozen statements; the rest is MikroORM's, which writes values into the text and never repeats.
const AT_MOST = 200

/** Statements are compiled once and kept, the least recently made forgotten first. */
export class StatementCache {
  readonly #kept = new Map<string, Prepared>()
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  get(sql: string): Prepared {
    const kept = this.#kept.get(sql)
    if (kept !== undefined) return kept
    const statement = this.#database.prepare(sql)
    const prepared = { statement, reads: statement.columns().length > 0 }
    const [eldest] = this.#kept.keys()
    if (this.#kept.size >= AT_MOST && eldest !== undefined) this.#kept.delete(eldest)
    this.#kept.set(sql, prepared)
    return prepared
  }
}
