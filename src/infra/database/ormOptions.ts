import { Migrator } from "@mikro-orm/migrations"
import { entities } from "./entities.ts"
import { MIGRATION_TABLE } from "./migrate.ts"

/** How MikroORM is set up, whatever the database is. */
export const ormOptions = {
  entities,
  extensions: [Migrator],
  migrations: { tableName: MIGRATION_TABLE, snapshot: false },
  ensureDatabase: false,
  // MikroORM logs failed statements with their values; ours go up as errors, without.
  logger: () => undefined
}
