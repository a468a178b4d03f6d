import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqliteDriver } from "../../../../src/infra/database/sqlite/SqliteDriver.ts"
import { temporaryFolder } from "../../../support/temporaryFolder.ts"

describe("SqliteDriver", () => {
  it.effect("takes the connection back when a transaction cannot begin", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "keyhole.db")
      const driver = new SqliteDriver(file, "read-write")
      yield* Effect.promise(() => driver.init())
      writeFileSync(file, "not a database ".repeat(1000))
      for (let attempt = 0; attempt < 2; attempt++) {
        yield* Effect.promise(() => driver.acquireConnection())
        const refused = yield* Effect.flip(Effect.tryPromise(() => driver.beginTransaction()))
        assert.match(String(refused.cause), /not a database/u)
      }
      yield* Effect.promise(() => driver.destroy())
    })
  )

  it.effect("lends the connection to one at a time, in the order of asking", () =>
    Effect.gen(function* () {
      const driver = new SqliteDriver(":memory:", "read-write")
      yield* Effect.promise(() => driver.init())
      const order: Array<number> = []
      let borrowers = 0
      const borrow = async (number: number) => {
        await driver.acquireConnection()
        borrowers++
        assert.strictEqual(borrowers, 1)
        await Promise.resolve()
        order.push(number)
        borrowers--
        await driver.releaseConnection()
      }
      yield* Effect.promise(() => Promise.all([1, 2, 3, 4, 5].map(borrow)))
      assert.deepStrictEqual(order, [1, 2, 3, 4, 5])
      yield* Effect.promise(() => driver.destroy())
    })
  )
})
