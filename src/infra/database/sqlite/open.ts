import { closeSync, existsSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { MikroORM, type Options } from "@mikro-orm/core"
import { SqliteDriver } from "@mikro-orm/sql"
import { Effect } from "effect"
import { makeFolder } from "../../makeFolder.ts"
import type { SqliteSettings } from "../DatabaseSettings.ts"
import { cannotBeOpened } from "../DatabaseUnusable.ts"
import { migrate } from "../migrate.ts"
import { migrations } from "../migrations.ts"
import type { OpenDatabase } from "../OpenDatabase.ts"
import { ormOptions } from "../ormOptions.ts"
import { CommitCounter } from "./CommitCounter.ts"
import { dialect } from "./dialect.ts"
import { SharedSync } from "./SharedSync.ts"
import { WriteAheadLog } from "./WriteAheadLog.ts"

const MEMORY = ":memory:"

const MIGRATION_TABLE_COLUMNS = `
  id integer not null primary key autoincrement,
  name text not null,
  executed_at datetime not null default current_timestamp`

/**
 * Makes the file, for its owner's eyes only; SQLite gives its companions (`-wal`, `-shm`) the same mode. One that exists is
 * left alone: closing a file drops the process's locks on it (https://sqlite.org/howtocorrupt.html §2.2).
 */
const make = (file: string): void => {
  if (existsSync(file)) return
  makeFolder(dirname(file))
  closeSync(openSync(file, "a", 0o600))
}

const options = (file: string): Partial<Options<SqliteDriver>> => ({
  ...ormOptions,
  driver: SqliteDriver,
  dbName: file,
  driverOptions: dialect(file, "read-write"),
  // Readers of a WAL database do not wait for its writer, on a connection of their own.
  replicas: file === MEMORY ? [] : [{ driverOptions: dialect(file, "read-only") }],
  migrations: { ...ormOptions.migrations, migrationsList: migrations }
})

const DATA_DIR = "KEYHOLE_DATA_DIR"

/** For the database that is open: the wait until what was committed is on the disk. */
const durability = Effect.fnUntraced(function* (file: string) {
  if (file === MEMORY) return () => Promise.resolve()
  const log = yield* Effect.acquireRelease(
    Effect.try({ try: () => new WriteAheadLog(file), catch: cannotBeOpened(file, DATA_DIR) }),
    (opened) => Effect.sync(() => opened.close())
  )
  const shared = new SharedSync(() => log.sync())
  return () => shared.done()
})

const unknownVersion = () => undefined

/** For the database that is open: see `OpenDatabase`. The one in memory is a single connection, which is told nothing of itself. */
const versions = Effect.fnUntraced(function* (file: string) {
  if (file === MEMORY) return unknownVersion
  const counter = yield* Effect.acquireRelease(
    Effect.try({ try: () => new CommitCounter(file), catch: cannotBeOpened(file, DATA_DIR) }),
    (opened) => Effect.sync(() => opened.close())
  )
  return () => counter.version()
})

/** A transaction has the whole database from its begin: there is nothing more to hold. */
const held: OpenDatabase["held"] = (query) => query
const exclusive = () => Promise.resolve()

/** The embedded database, open until the scope ends. */
export const open = Effect.fnUntraced(function* ({ file }: SqliteSettings) {
  const unusable = cannotBeOpened(file, DATA_DIR)
  if (file !== MEMORY) yield* Effect.try({ try: () => make(file), catch: unusable })
  const orm = yield* Effect.acquireRelease(
    Effect.tryPromise({ try: () => MikroORM.init(options(file)), catch: unusable }),
    (opened) => Effect.promise(() => opened.close())
  )
  yield* Effect.catchTag(migrate(orm, MIGRATION_TABLE_COLUMNS), "StorageUnavailable", ({ cause }) =>
    Effect.fail(unusable(cause))
  )
  return {
    orm,
    durable: yield* durability(file),
    version: yield* versions(file),
    held,
    exclusive
  } satisfies OpenDatabase
})
