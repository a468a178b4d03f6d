import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Latch } from "effect"
import { sql } from "kysely"
import { StorageUnavailable } from "../../../../src/domain/storage/StorageUnavailable.ts"
import { Database } from "../../../../src/infra/database/Database.ts"
import { WRITING } from "../../../../src/infra/database/postgres/terms.ts"
import { onPostgres } from "../../../support/database.ts"

const parallel = { concurrency: "unbounded" } as const

const write = Effect.fnUntraced(function* (key: string) {
  const { run } = yield* Database
  yield* run((tables) =>
    tables
      .insertInto("token_entry")
      .values({ key, value: "", expires_at: 0 })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: "again" }))
      .execute()
  )
})

const keys = Effect.gen(function* () {
  const { read } = yield* Database
  const rows = yield* read((tables) => tables.selectFrom("token_entry").select("key").orderBy("key").execute())
  return rows.map(({ key }) => key)
})

const statement = Effect.fnUntraced(function* (text: string) {
  const { run } = yield* Database
  return yield* run((tables) => sql.raw<{ readonly value: unknown }>(text).execute(tables))
})

/** Connections of ours of which this is so, the asking one aside: the server's own work on the database does not count. */
const connectionsThat = (are: string) =>
  Effect.map(
    statement(
      `select count(*)::int as value from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and ${are}`
    ),
    ({ rows }) => rows[0]?.value
  )

/** Those that are in the midst of something. */
const busy = connectionsThat("state <> 'idle'")

const untilOneWaitsForARow = Effect.repeat(connectionsThat("wait_event_type = 'Lock'"), {
  until: (count) => count === 1
})

const raise = (code: string) => statement(`do $$ begin raise exception using errcode = '${code}'; end $$`)

describe("a unit of work on PostgreSQL", () => {
  it.effect("that waits in a circle with another is run again, and both come to their end", () =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      const bothBegan = yield* Latch.make()
      let begun = 0
      const unit = (first: string, second: string) =>
        transaction(
          Effect.gen(function* () {
            yield* write(first)
            begun += 1
            if (begun === 2) yield* bothBegan.open
            yield* bothBegan.await
            yield* write(second)
          })
        )
      yield* Effect.all([write("a"), write("b")])
      yield* Effect.all([unit("a", "b"), unit("b", "a")], parallel)
      // It may lose once more to the one it then follows.
      assert.isAtLeast(begun, 3)
    }).pipe(Effect.provide(onPostgres))
  )

  it.effect.each(["40001", "40P01"])("that loses to others is run again, with nothing of the first time: %s", (code) =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      let runs = 0
      const unit = Effect.gen(function* () {
        yield* write(`run ${++runs}`)
        if (runs < 3) yield* raise(code)
      })
      yield* transaction(transaction(unit))
      assert.deepStrictEqual(yield* keys, ["run 3"])
    }).pipe(Effect.provide(onPostgres))
  )

  it.effect("that never wins fails in the end", () =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      let runs = 0
      const unit = Effect.andThen(
        Effect.sync(() => runs++),
        raise("40001")
      )
      assert.instanceOf(yield* Effect.flip(transaction(unit)), StorageUnavailable)
      assert.strictEqual(runs, 6)
    }).pipe(Effect.provide(onPostgres))
  )

  it.effect("is not run again after any other failure, of the store or of its own", () =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      let runs = 0
      const failing = <E>(failure: Effect.Effect<unknown, E, Database>) =>
        Effect.exit(
          transaction(
            Effect.andThen(
              Effect.sync(() => runs++),
              failure
            )
          )
        )
      yield* failing(Effect.fail("no"))
      const full = yield* failing(raise("53100"))
      assert.isTrue(Exit.isFailure(full) && Cause.hasFails(full.cause))
      const wrong = yield* failing(raise("23505"))
      assert.isTrue(Exit.hasDies(wrong))
      assert.strictEqual(runs, 3)
    }).pipe(Effect.provide(onPostgres))
  )

  it.effect("cannot succeed once a statement of it has failed, whoever took the failure for harmless", () =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      const unavailable = Effect.andThen(write("a"), Effect.ignore(raise("53100")))
      assert.instanceOf(yield* Effect.flip(transaction(unavailable)), StorageUnavailable)
      const wrong = Effect.andThen(write("a"), Effect.exit(statement("select nonsense")))
      assert.isTrue(Exit.hasDies(yield* Effect.exit(transaction(wrong))))
      assert.deepStrictEqual(yield* keys, [])
      yield* transaction(write("b"))
      assert.deepStrictEqual(yield* keys, ["b"])
    }).pipe(Effect.provide(onPostgres))
  )

  it.live("that is interrupted while a statement runs is undone, and gives its connection back", () =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      for (let round = 0; round < 3 * WRITING.connections; round++) {
        const written = yield* Latch.make()
        const unit = Effect.gen(function* () {
          yield* write("a")
          yield* written.open
          yield* statement("select pg_sleep(0.02)")
          yield* Effect.never
        })
        const fiber = yield* Effect.forkChild(transaction(unit))
        yield* written.await
        yield* Fiber.interrupt(fiber)
      }
      assert.strictEqual(yield* busy, 0)
      assert.deepStrictEqual(yield* keys, [])
      yield* Effect.replicateEffect(transaction(write("b")), 2 * WRITING.connections, parallel)
    }).pipe(Effect.provide(onPostgres))
  )

  it.live("that is interrupted while it waits for a row is undone when the wait ends", () =>
    Effect.gen(function* () {
      const { held, run, transaction } = yield* Database
      yield* write("a")
      const hold = run((tables) => held(tables.selectFrom("token_entry").selectAll().where("key", "=", "a")).execute())
      const holding = yield* Latch.make()
      const release = yield* Latch.make()
      const holder = yield* Effect.forkChild(
        transaction(Effect.andThen(hold, Effect.andThen(holding.open, release.await)))
      )
      yield* holding.await
      const waiting = yield* Effect.forkChild(transaction(Effect.andThen(hold, write("b"))), { startImmediately: true })
      yield* untilOneWaitsForARow
      const interruption = yield* Effect.forkChild(Fiber.interrupt(waiting), { startImmediately: true })
      yield* release.open
      yield* Fiber.join(holder)
      yield* Fiber.join(interruption)
      assert.deepStrictEqual(yield* keys, ["a"])
      assert.strictEqual(yield* busy, 0)
    }).pipe(Effect.provide(onPostgres))
  )

  it.live("fails when all connections are taken for long; who only reads goes on", () =>
    Effect.gen(function* () {
      const { transaction } = yield* Database
      const taken = yield* Deferred.make<void>()
      let begun = 0
      const holder = transaction(
        Effect.andThen(
          Effect.suspend(() =>
            ++begun === WRITING.connections ? Deferred.succeed(taken, undefined) : Effect.succeed(true)
          ),
          Effect.never
        )
      )
      const holders = yield* Effect.forkChild(Effect.replicateEffect(holder, WRITING.connections, parallel))
      yield* Deferred.await(taken)
      const one = yield* Effect.forkChild(Effect.flip(transaction(write("too many"))))
      assert.deepStrictEqual(yield* keys, [])
      assert.instanceOf(yield* Fiber.join(one), StorageUnavailable)
      yield* Fiber.interrupt(holders)
      yield* transaction(write("after"))
      assert.deepStrictEqual(yield* keys, ["after"])
    }).pipe(Effect.provide(onPostgres))
  )
})

describe("a statement on PostgreSQL", () => {
  it.live("that takes too long is given up by the server, and its connection is used again", () =>
    Effect.gen(function* () {
      const { read } = yield* Database
      const pid = read((tables) => sql<{ readonly pid: number }>`select pg_backend_pid() as pid`.execute(tables))
      const before = yield* pid
      const slow = read((tables) => sql`select pg_sleep(5)`.execute(tables))
      assert.instanceOf(yield* Effect.flip(slow), StorageUnavailable)
      assert.deepStrictEqual((yield* pid).rows, before.rows)
    }).pipe(Effect.provide(onPostgres))
  )

  it.effect("that is refused says nothing of the rows: they hold secrets, and an error is logged", () =>
    Effect.gen(function* () {
      const { run } = yield* Database
      const user = { id: "ada", email: "a", email_key: "a", name: null, password_hash: "canary", disabled: 0 }
      const insert = run((tables) =>
        tables
          .insertInto("user")
          .values({ ...user, created_at: sql<number>`null`, last_login_at: null })
          .execute()
      )
      const exit = yield* Effect.exit(insert)
      assert.isTrue(Exit.hasDies(exit))
      if (Exit.isFailure(exit)) assert.notInclude(JSON.stringify(exit.cause) + Cause.pretty(exit.cause), "canary")
    }).pipe(Effect.provide(onPostgres))
  )
})
