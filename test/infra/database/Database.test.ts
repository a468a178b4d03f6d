import { statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it, vi } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber } from "effect"
import { sql } from "kysely"
import { Database } from "../../../src/infra/database/Database.ts"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { TokenEntry } from "../../../src/infra/database/entities/TokenEntry.ts"
import { WriteAheadLog } from "../../../src/infra/database/sqlite/WriteAheadLog.ts"
import { at, databases, inFile, inMemory } from "../../support/database.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const count = Effect.gen(function* () {
  const { read } = yield* Database
  return (yield* read((tables) => tables.selectFrom("token_entry").select("key").execute())).length
})

const entry = (key: string, value = "") => ({ key, value, expires_at: 0 })

const insert = Effect.fnUntraced(function* (key: string, value?: string) {
  const { run } = yield* Database
  return yield* run((tables) => tables.insertInto("token_entry").values(entry(key, value)).execute())
})

describe("the schema", () => {
  it.effect.each(databases)("after the migrations is exactly what the entities say: %s", ([, database]) =>
    Effect.gen(function* () {
      const { use } = yield* Database
      const difference = yield* use((entities) =>
        entities.getPlatform().getSchemaGenerator(entities.getDriver(), entities).getUpdateSchemaSQL({ wrap: false })
      )
      assert.strictEqual(difference, "")
    }).pipe(Effect.provide(database))
  )
})

describe("the file", () => {
  it.effect("is a WAL database whose commits do not wait for the disk themselves, and checks foreign keys", () =>
    Effect.gen(function* () {
      const { run } = yield* Database
      const pragma = (name: string) =>
        run(async (tables) => Object.values((await sql.raw<object>(`pragma ${name}`).execute(tables)).rows[0] ?? {})[0])
      assert.strictEqual(yield* pragma("journal_mode"), "wal")
      assert.strictEqual(yield* pragma("synchronous"), 1)
      assert.strictEqual(yield* pragma("foreign_keys"), 1)
    }).pipe(Effect.provide(inFile))
  )

  it.effect("is for its owner's eyes only, and so are its companions", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "folder", "keyhole.db")
      yield* Effect.gen(function* () {
        yield* insert("a")
        for (const suffix of ["", "-wal", "-shm"]) assert.strictEqual(statSync(file + suffix).mode & 0o777, 0o600)
      }).pipe(Effect.provide(at(file)))
    })
  )

  it.effect("keeps what was written when it is opened again", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "folder", "of its own", "keyhole.db")
      yield* Effect.provide(insert("a"), at(file))
      assert.strictEqual(yield* Effect.provide(count, at(file)), 1)
    })
  )

  it.effect("is refused with a sentence when it is a folder, or something else altogether", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const other = join(folder, "other")
      writeFileSync(other, "this is not a database ".repeat(100))
      for (const file of [folder, other]) {
        const error = yield* Effect.flip(Effect.provide(count, at(file)))
        assert.strictEqual(error._tag, "DatabaseUnusable")
        assert.include(String(error), `The database ${file} cannot be opened`)
      }
    })
  )

  it.effect("is refused with a sentence when a newer version used it", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "keyhole.db")
      yield* Effect.provide(count, at(file))
      using database = new DatabaseSync(file)
      database.exec("insert into migration (name) values ('9999-from-the-future')")
      const error = yield* Effect.flip(Effect.provide(count, at(file)))
      assert.strictEqual(error._tag, "DatabaseUnusable")
      assert.include(String(error), "newer Keyhole")
      assert.include(String(error), "9999-from-the-future")
    })
  )
})

describe("another process with the file locked", () => {
  it.live("is waited for, by single statements and by units of work, while everything else goes on", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "keyhole.db")
      yield* Effect.gen(function* () {
        const { transaction } = yield* Database
        const other = new DatabaseSync(file)
        other.exec("begin immediate")
        const waiting = yield* Effect.forkChild(Effect.andThen(insert("alone"), transaction(insert("in a unit"))))
        // Ten timers' worth of other work, and reads, get through meanwhile.
        for (let index = 0; index < 10; index++) {
          yield* Effect.sleep("2 millis")
          assert.strictEqual(yield* count, 0)
        }
        assert.isUndefined(waiting.pollUnsafe())
        other.exec("commit")
        other.close()
        yield* Fiber.join(waiting)
        assert.strictEqual(yield* count, 2)
      }).pipe(Effect.provide(at(file)))
    })
  )
})

describe("what was written", () => {
  it.effect("is not acknowledged when it cannot be put on the disk", () =>
    Effect.gen(function* () {
      const { transaction, use } = yield* Database
      const failure = Object.assign(new Error("EIO: i/o error, fdatasync"), { syscall: "fdatasync" })
      const sync = vi.spyOn(WriteAheadLog.prototype, "sync").mockRejectedValue(failure)
      yield* Effect.addFinalizer(() => Effect.sync(() => sync.mockRestore()))
      const writes = [
        Effect.asVoid(insert("alone")),
        Effect.asVoid(transaction(insert("in a unit"))),
        Effect.asVoid(use((entities) => entities.insert(TokenEntry, { key: "entity", value: "", expiresAt: 0 })))
      ]
      for (const write of writes) assert.instanceOf(yield* Effect.flip(write), StorageUnavailable)
    }).pipe(Effect.provide(inFile))
  )
})

describe("what goes wrong", () => {
  it.effect("is the store's failure when the disk is full, and the database goes on afterwards", () =>
    Effect.gen(function* () {
      const { run, transaction } = yield* Database
      yield* run((tables) => sql`pragma max_page_count = 40`.execute(tables))
      const big = "x".repeat(1_000_000)
      const alone = yield* Effect.flip(insert("alone", big))
      assert.instanceOf(alone, StorageUnavailable)
      const inUnit = yield* Effect.flip(transaction(Effect.andThen(insert("small"), insert("big", big))))
      assert.instanceOf(inUnit, StorageUnavailable)
      assert.strictEqual(yield* count, 0)
      yield* transaction(insert("small"))
      assert.strictEqual(yield* count, 1)
    }).pipe(Effect.provide(inFile))
  )

  it.effect("is a defect when the statement is wrong", () =>
    Effect.gen(function* () {
      const { run, use } = yield* Database
      yield* insert("a")
      const wrong = [
        Effect.asVoid(run((tables) => sql`select nonsense from nowhere`.execute(tables))),
        Effect.asVoid(use((entities) => entities.getConnection().execute("select nonsense from nowhere"))),
        Effect.asVoid(insert("a"))
      ]
      for (const effect of wrong) assert.isTrue(Exit.hasDies(yield* Effect.exit(effect)))
    }).pipe(Effect.provide(inMemory))
  )

  it.effect("at a commit undoes the unit of work, and leaves the database usable", () =>
    Effect.gen(function* () {
      const { run, transaction } = yield* Database
      const orphan = { user_id: "nobody", role: "viewer" }
      const exit = yield* Effect.exit(
        transaction(
          Effect.gen(function* () {
            yield* run((tables) => sql`pragma defer_foreign_keys = on`.execute(tables))
            yield* run((tables) => tables.insertInto("user_role").values(orphan).execute())
            yield* insert("a")
          })
        )
      )
      assert.isTrue(Exit.isFailure(exit) && Cause.pretty(exit.cause).includes("FOREIGN KEY"))
      assert.strictEqual(yield* count, 0)
      yield* transaction(insert("b"))
      assert.strictEqual(yield* count, 1)
    }).pipe(Effect.provide(inFile))
  )
})

describe("entities", () => {
  it.effect("can be used in a unit of work beside statements", () =>
    Effect.gen(function* () {
      const { use, transaction } = yield* Database
      const found = yield* transaction(
        Effect.andThen(
          insert("a", "value"),
          use((entities) => entities.findOne(TokenEntry, { key: "a" }))
        )
      )
      assert.strictEqual(found?.value, "value")
    }).pipe(Effect.provide(inMemory))
  )
})
