import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Database } from "../../../src/infra/database/Database.ts"
import { databases } from "../../support/database.ts"

const parallel = { concurrency: "unbounded", discard: true } as const

const values = Effect.gen(function* () {
  const { read } = yield* Database
  const rows = yield* read((tables) => tables.selectFrom("token_entry").select("value").orderBy("value").execute())
  return rows.map(({ value }) => value)
})

const insert = Effect.fnUntraced(function* (key: string, value: string) {
  const { run } = yield* Database
  yield* run((tables) => tables.insertInto("token_entry").values({ key, value, expires_at: 0 }).execute())
})

describe.each(databases)("a unit of work over a database %s", (_where, database) => {
  it.effect("that holds a row is alone in changing it: no change of others is overwritten", () =>
    Effect.gen(function* () {
      const { held, run, transaction } = yield* Database
      yield* insert("counter", "0")
      const increment = run(async (tables) => {
        const row = await held(
          tables.selectFrom("token_entry").select("value").where("key", "=", "counter")
        ).executeTakeFirstOrThrow()
        await new Promise(setImmediate)
        await tables
          .updateTable("token_entry")
          .set({ value: `${Number(row.value) + 1}` })
          .execute()
      })
      yield* Effect.replicateEffect(transaction(increment), 50, parallel)
      assert.deepStrictEqual(yield* values, ["50"])
    }).pipe(Effect.provide(database))
  )

  it.effect("that is exclusive is alone in deciding on what is not there yet", () =>
    Effect.gen(function* () {
      const { exclusive, transaction } = yield* Database
      const insertFirst = Effect.gen(function* () {
        yield* exclusive("the first")
        if ((yield* values).length === 0) yield* insert(yield* Effect.sync(() => `${Math.random()}`), "first")
      })
      yield* Effect.replicateEffect(transaction(insertFirst), 50, parallel)
      assert.deepStrictEqual(yield* values, ["first"])
    }).pipe(Effect.provide(database))
  )
})
