import { CompiledQuery, type Driver } from "kysely"
import { type Client, Pool, type PoolConfig } from "pg"
import { PostgresConnection } from "./PostgresConnection.ts"
import type { Terms } from "./terms.ts"
import { ConnectionLost } from "./unavailable.ts"

/** How long connections may take to say good-bye, in milliseconds. */
const FAREWELL = 1000

/**
 * Lends connections out of a pool.
 *
 * Kysely's stock driver gives a connection back that still waits for an answer, loses it when a transaction cannot begin or
 * be rolled back, and takes for a commit what the server calls a rollback.
 */
export class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #terms: Terms
  readonly #clients = new Set<Client>()

  constructor(config: PoolConfig, terms: Terms) {
    this.#terms = terms
    this.#pool = new Pool({
      ...config,
      max: terms.connections,
      connectionTimeoutMillis: terms.patience,
      statement_timeout: terms.statement,
      idle_in_transaction_session_timeout: terms.silence
    })
    // A connection that ends while nobody has it is no longer in the pool: that is all there is to do about it.
    this.#pool.on("error", () => undefined)
    this.#pool.on("connect", (client) => {
      // Whoever has the connection learns of it from the statement; without a listener the process would end.
      client.on("error", () => undefined)
      this.#clients.add(client)
    })
    this.#pool.on("remove", (client) => this.#clients.delete(client))
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    const firstAnswerBy = performance.now() + this.#terms.patience
    try {
      return new PostgresConnection(await this.#pool.connect(), this.#terms, firstAnswerBy)
    } catch (error) {
      throw new ConnectionLost(error)
    }
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    try {
      await connection.begin()
    } catch (error) {
      connection.release()
      throw error
    }
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    await connection.rollback()
  }

  async savepoint(connection: PostgresConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${name}`))
  }

  async rollbackToSavepoint(connection: PostgresConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to ${name}`))
  }

  async releaseSavepoint(connection: PostgresConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release ${name}`))
  }

  /** A server that hangs does not hear a good-bye. */
  async destroy(): Promise<void> {
    const late = setTimeout(() => {
      for (const client of this.#clients) client.connection.stream.destroy()
    }, FAREWELL)
    await this.#pool.end()
    clearTimeout(late)
  }
}
