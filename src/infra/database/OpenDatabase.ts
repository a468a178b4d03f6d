import type { MikroORM } from "@mikro-orm/core"
import type { AbstractSqlDriver } from "@mikro-orm/sql"
import type { Kysely, SelectQueryBuilder } from "kysely"
import type { Tables } from "./entities.ts"

/** A database that is open, its schema up to date, and what each dialect has to say for itself. */
export interface OpenDatabase {
  readonly orm: MikroORM<AbstractSqlDriver>
  /** Resolves when what was committed before is so for good. */
  readonly durable: () => Promise<void>
  /** Another number after each commit, whoever's; undefined where that is not known without asking somebody. */
  readonly version: () => number | undefined
  /**
   * The rows of a query are the unit of work's own until it ends: others can neither change nor remove them, and what was
   * read of them is the latest.
   */
  readonly held: <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>) => SelectQueryBuilder<DB, TB, O>
  /** Waits until no other unit of work is at what this names, and keeps others from it until the unit ends. */
  readonly exclusive: (tables: Kysely<Tables>, what: string) => Promise<void>
}
