import type { Redacted } from "effect"
import { type Dialect, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely"
import { TypeOverrides, types as byDefault } from "pg"
import { PostgresDriver } from "./PostgresDriver.ts"
import { connectionString } from "./postgresUrl.ts"
import type { Terms } from "./terms.ts"
import { fromPostgres } from "./text.ts"

/** Columns as SQLite has them: whole numbers are numbers, and none of ours is beyond what a number holds. */
const types = new TypeOverrides()
types.setTypeParser(byDefault.builtins.INT8, Number)
types.setTypeParser(byDefault.builtins.TEXT, fromPostgres)

export const dialect = (url: Redacted.Redacted<string>, terms: Terms): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () =>
    new PostgresDriver(
      {
        connectionString: connectionString(url),
        fallback_application_name: "keyhole",
        keepAlive: true,
        idleTimeoutMillis: 60_000,
        types
      },
      terms
    ),
  createIntrospector: (database) => new PostgresIntrospector(database),
  createQueryCompiler: () => new PostgresQueryCompiler()
})
