import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely"
import { DatabaseError, type PoolClient, type QueryConfig } from "pg"
import { bindable } from "../bindable.ts"
import type { Terms } from "./terms.ts"
import { toPostgres } from "./text.ts"
import { ConnectionLost } from "./unavailable.ts"

const CHANGING: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"])

const parameter = (value: unknown) => {
  const bound = bindable(value)
  return typeof bound === "string" ? toPostgres(bound) : bound
}

interface TimedQuery extends QueryConfig {
  readonly query_timeout: number
}

/** After these the server closes the connection. */
const isFatal = ({ severity }: DatabaseError): boolean => severity === "FATAL" || severity === "PANIC"

/** The detail of a violation quotes the row, secrets and all, and would end up in a log. */
const withoutRows = (error: DatabaseError): DatabaseError => Object.assign(error, { detail: undefined })

/** A connection to a PostgreSQL server while somebody has it, speaking Kysely's protocol. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #terms: Terms
  #firstAnswerBy: number | undefined
  #isLost = false
  /** Why the transaction cannot be committed any more. */
  #failure: unknown

  constructor(client: PoolClient, terms: Terms, firstAnswerBy: number) {
    this.#client = client
    this.#terms = terms
    this.#firstAnswerBy = firstAnswerBy
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.#send(sql, parameters.map(parameter))
    return rowCount !== null && CHANGING.has(command) ? { rows, numAffectedRows: BigInt(rowCount) } : { rows }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  async begin(): Promise<void> {
    await this.#send(this.#terms.begin, [])
    this.#failure = undefined
  }

  /** Of a transaction in which a statement failed the server makes a rollback, and does not call that an error. */
  async commit(): Promise<void> {
    const { command } = await this.#send("commit", [])
    if (command !== "COMMIT") throw this.#failure ?? new Error("the server did not commit")
  }

  /** Never fails: a connection that cannot roll back is closed instead, and the server rolls back then. */
  async rollback(): Promise<void> {
    if (!this.#isLost) await this.#send("rollback", []).catch(() => (this.#isLost = true))
  }

  /** A connection that is lost, or still waits for an answer that nobody wants any more, is closed. */
  release(): void {
    this.#client.release(this.#isLost)
  }

  async #send(sql: string, values: Array<ReturnType<typeof bindable>>) {
    try {
      const patience =
        this.#firstAnswerBy === undefined ? this.#terms.patience : this.#firstAnswerBy - performance.now()
      this.#firstAnswerBy = undefined
      const query: TimedQuery = { text: toPostgres(sql), values, query_timeout: Math.max(1, patience) }
      return await this.#client.query(query)
    } catch (error) {
      this.#isLost ||= !(error instanceof DatabaseError) || isFatal(error)
      const failure = error instanceof DatabaseError ? withoutRows(error) : new ConnectionLost(error)
      this.#failure ??= failure
      throw failure
    }
  }
}
