import { DatabaseSync } from "node:sqlite"
import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely"
import { bindable } from "../bindable.ts"
import { patiently } from "./patience.ts"
import { StatementCache } from "./StatementCache.ts"

export type Access = "read-write" | "read-only"

/** A connection to a SQLite file, speaking Kysely's protocol. */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements: StatementCache

  private constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = new StatementCache(database)
  }

  /** A commit alone is not yet on the disk: `WriteAheadLog` puts it there. */
  static async open(file: string, access: Access): Promise<SqliteConnection> {
    const database = new DatabaseSync(file, { timeout: 0, readOnly: access === "read-only" })
    try {
      if (access === "read-write") await patiently(() => database.exec("pragma journal_mode = wal"))
      await patiently(() => database.exec("pragma synchronous = normal; pragma foreign_keys = on"))
    } catch (error) {
      database.close()
      throw error
    }
    return new SqliteConnection(database)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // Inside a transaction the file is ours; waiting there would help nobody.
    return this.#database.isTransaction ? this.#run<R>(sql, parameters) : patiently(() => this.#run<R>(sql, parameters))
  }

  #run<R>(sql: string, parameters: ReadonlyArray<unknown>): QueryResult<R> {
    const { statement, reads } = this.#statements.get(sql)
    const values = parameters.map(bindable)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the columns hold is the query builder's promise
    if (reads) return { rows: statement.all(...values) as Array<R> }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  /** Takes the write lock at once: a transaction that starts by reading cannot fail later because somebody wrote. */
  async begin(): Promise<void> {
    await patiently(() => this.#database.exec("begin immediate"))
  }

  commit(): void {
    this.#database.exec("commit")
  }

  /** Some failures (disk full, I/O) have rolled back already: https://sqlite.org/lang_transaction.html. */
  rollback(): void {
    if (this.#database.isTransaction) this.#database.exec("rollback")
  }

  close(): void {
    this.#database.close()
  }
}
