import type { MikroORM } from "@mikro-orm/core"
import type { AbstractSqlDriver } from "@mikro-orm/sql"
import { Effect } from "effect"
import { DatabaseUnusable } from "./DatabaseUnusable.ts"
import { attempt } from "./failure.ts"
import { migrations } from "./migrations.ts"

export const MIGRATION_TABLE = "migration"

/**
 * Brings the schema up to date, all steps or none. The steps run under the database's write lock and are chosen there, so
 * that of several processes starting on one database only one runs them, and the others find them done.
 */
export const migrate = Effect.fnUntraced(function* (orm: MikroORM<AbstractSqlDriver>, columnsOfItsTable: string) {
  const connection = orm.em.getConnection()
  // The migrator would look for its table and then make it; of two processes that start together, one would fail.
  yield* attempt(() =>
    orm.em.transactional((manager) =>
      manager.execute(`create table if not exists ${MIGRATION_TABLE} (${columnsOfItsTable})`, [], "run")
    )
  )
  const executed = yield* attempt(() =>
    connection.execute<ReadonlyArray<{ readonly name: string }>>(`select name from ${MIGRATION_TABLE} order by id`)
  )
  const done = new Set(executed.map(({ name }) => name))
  const unknown = [...done].filter((name) => migrations.every((migration) => migration.name !== name))
  if (unknown.length > 0) {
    return yield* new DatabaseUnusable({
      message:
        `The database was last used by a newer Keyhole: it has the migration ${unknown.join(", ")}, which this version ` +
        "does not know. Start the newer version, or restore a backup from before the upgrade."
    })
  }
  if (migrations.some(({ name }) => !done.has(name))) yield* attempt(() => orm.migrator.up())
})
