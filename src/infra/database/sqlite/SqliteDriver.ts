import { CompiledQuery, type DatabaseConnection, type Driver } from "kysely"
import { type Access, SqliteConnection } from "./SqliteConnection.ts"
import { Turns } from "./turns.ts"

/**
 * Lends one connection to one borrower at a time, first come first served, from a transaction's begin to its end.
 *
 * Kysely's stock driver leaves that to a lock around it, which stays locked for ever when a transaction cannot begin.
 */
export class SqliteDriver implements Driver {
  readonly #file: string
  readonly #access: Access
  readonly #turns = new Turns()
  #connection: SqliteConnection | undefined

  constructor(file: string, access: Access) {
    this.#file = file
    this.#access = access
  }

  get #open(): SqliteConnection {
    if (this.#connection === undefined) throw new Error("the database is not open")
    return this.#connection
  }

  async init(): Promise<void> {
    this.#connection = await SqliteConnection.open(this.#file, this.#access)
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.take()
    return this.#open
  }

  async releaseConnection(): Promise<void> {
    this.#turns.give()
  }

  async beginTransaction(): Promise<void> {
    try {
      await this.#open.begin()
    } catch (error) {
      this.#turns.give()
      throw error
    }
  }

  async commitTransaction(): Promise<void> {
    this.#open.commit()
  }

  async rollbackTransaction(): Promise<void> {
    this.#open.rollback()
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${name}`))
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to ${name}`))
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release ${name}`))
  }

  async destroy(): Promise<void> {
    this.#connection?.close()
    this.#connection = undefined
  }
}
