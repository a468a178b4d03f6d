import { closeSync, existsSync, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { MikroORM, type Options } from "@mikro-orm/core"
import { Migrator } from "@mikro-orm/migrations"
import { SqliteDriver } from "@mikro-orm/sql"
import { Effect } from "effect"
import type { DatabaseSettings } from "./DatabaseSettings.ts"
import { cannotBeOpened } from "./DatabaseUnusable.ts"
import { entities } from "./entities.ts"
import { MIGRATION_TABLE } from "./migrate.ts"
import { migrations } from "./migrations.ts"
import { dialect } from "./sqlite/dialect.ts"
import { SharedSync } from "./sqlite/SharedSync.ts"
import { WriteAheadLog } from "./sqlite/WriteAheadLog.ts"

const MEMORY = ":memory:"

/**
 * Makes the file, for its owner's eyes only; SQLite gives its companions (`-wal`, `-shm`) the same mode. One that exists is
 * left alone: closing a file drops the process's locks on it (https://sqlite.org/howtocorrupt.html §2.2).
 */
const make = (file: string): void => {
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, "a", 0o600))
}

const options = (file: string): Partial<Options<SqliteDriver>> => ({
  driver: SqliteDriver,
  dbName: file,
  entities,
  driverOptions: dialect(file, "read-write"),
  // Readers of a WAL database do not wait for its writer, on a connection of their own.
  replicas: file === MEMORY ? [] : [{ driverOptions: dialect(file, "read-only") }],
  extensions: [Migrator],
  migrations: { tableName: MIGRATION_TABLE, migrationsList: migrations, snapshot: false },
  ensureDatabase: false,
  // MikroORM logs failed statements with their values; ours go up as errors, without.
  logger: () => undefined
})

/** For the database that is open: the wait until what was committed is on the disk. */
export const durability = Effect.fnUntraced(function* ({ file }: DatabaseSettings["Service"]) {
  if (file === MEMORY) return () => Promise.resolve()
  const log = yield* Effect.acquireRelease(
    Effect.try({ try: () => new WriteAheadLog(file), catch: cannotBeOpened(file) }),
    (opened) => Effect.sync(() => opened.close())
  )
  const shared = new SharedSync(() => log.sync())
  return () => shared.done()
})

/** The embedded database, open until the scope ends. */
export const open = Effect.fnUntraced(function* ({ file }: DatabaseSettings["Service"]) {
  const unusable = cannotBeOpened(file)
  if (file !== MEMORY) yield* Effect.try({ try: () => make(file), catch: unusable })
  return yield* Effect.acquireRelease(
    Effect.tryPromise({ try: () => MikroORM.init(options(file)), catch: unusable }),
    (orm) => Effect.promise(() => orm.close())
  )
})
