import { type EntityMetadata, MikroORM } from "@mikro-orm/core"
import { PostgreSqlDriver } from "@mikro-orm/postgresql"
import { Effect, type Redacted } from "effect"
import { sql } from "kysely"
import type { PostgresSettings } from "../DatabaseSettings.ts"
import { cannotBeOpened } from "../DatabaseUnusable.ts"
import { migrate } from "../migrate.ts"
import type { OpenDatabase } from "../OpenDatabase.ts"
import { ormOptions } from "../ormOptions.ts"
import { dialect } from "./dialect.ts"
import { migrations } from "./migrations.ts"
import { nameOf } from "./postgresUrl.ts"
import { MIGRATING, READING, type Terms, WRITING } from "./terms.ts"

const MIGRATION_TABLE_COLUMNS = `
  id integer generated always as identity primary key,
  name text collate "C" not null,
  executed_at timestamptz not null default current_timestamp`

/** SQLite's counters go as far as its integers, which are of 64 bits. */
const countFar = ({ properties }: EntityMetadata) => {
  for (const property of Object.values(properties)) if (property.autoincrement) property.columnTypes = ["bigint"]
}

/** Connections on these terms, until the scope ends; `reading` for reads outside of units of work. */
const connect = (url: Redacted.Redacted<string>, terms: Terms, reading: ReadonlyArray<Terms>) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        const orm = await MikroORM.init({
          ...ormOptions,
          driver: PostgreSqlDriver,
          dbName: nameOf(url),
          discovery: { onMetadata: countFar },
          driverOptions: dialect(url, terms),
          replicas: reading.map((each) => ({ driverOptions: dialect(url, each) })),
          migrations: { ...ormOptions.migrations, migrationsList: migrations }
        })
        const [database] = await orm.em.execute<[{ readonly name: string }]>("select current_database() as name")
        // The migrator makes the database of this name when there is none.
        orm.config.set("dbName", database.name)
        return orm
      },
      catch: cannotBeOpened(nameOf(url), "DATABASE_URL")
    }),
    (orm) => Effect.promise(() => orm.close())
  )

/** What a server acknowledges is durable, in so far as its administrator wants it (`synchronous_commit`). */
const durable = () => Promise.resolve()

/** Only the server knows. */
const version = () => undefined

const held: OpenDatabase["held"] = (query) => query.forUpdate()

const exclusive: OpenDatabase["exclusive"] = async (tables, what) => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(tables)
}

export const open = Effect.fnUntraced(function* ({ url }: PostgresSettings) {
  const orm = yield* connect(url, WRITING, [READING])
  yield* Effect.scoped(
    Effect.flatMap(connect(url, MIGRATING, []), (migrating) => migrate(migrating, MIGRATION_TABLE_COLUMNS))
  ).pipe(
    Effect.catchTag("StorageUnavailable", ({ cause }) =>
      Effect.fail(cannotBeOpened(nameOf(url), "DATABASE_URL")(cause))
    )
  )
  return { orm, durable, version, held, exclusive } satisfies OpenDatabase
})
