import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { TokenStorage } from "../../../src/domain/token/TokenStorage.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import * as Storage from "../../../src/infra/token/TokenStorage.ts"
import { at, inMemory } from "../../support/database.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"
import { join } from "node:path"

const kept = Effect.gen(function* () {
  const { run } = yield* Database
  const rows = yield* run((tables) => tables.selectFrom("token_entry").select("key").orderBy("key").execute())
  return rows.map(({ key }) => key)
})

describe("ended token entries", () => {
  it.effect("are removed in the background, and live ones are not", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("ends", "", Duration.seconds(30))
      yield* storage.store("lives", "", Duration.hours(1))
      assert.deepStrictEqual(yield* kept, ["ends", "lives"])
      yield* TestClock.adjust("61 seconds")
      assert.deepStrictEqual(yield* kept, ["lives"])
      assert.isTrue(Option.isSome(yield* storage.get("lives")))
    }).pipe(Effect.provide(Layer.provideMerge(Storage.database, inMemory)))
  )

  it.effect("are removed by thousands, a batch after the other", () =>
    Effect.gen(function* () {
      const { run } = yield* Database
      const values = Array.from({ length: 3500 }, (_, index) => ({ key: `${index}`, value: "", expires_at: 1 }))
      yield* run((tables) => tables.insertInto("token_entry").values(values).execute())
      yield* TestClock.adjust("61 seconds")
      // Each of these takes its turn at the database behind a batch.
      for (let turn = 0; turn < 4; turn++) yield* kept
      assert.deepStrictEqual(yield* kept, [])
    }).pipe(Effect.provide(Layer.provideMerge(Storage.database, inMemory)))
  )

  it.effect("are removed at the start when they ended while nobody ran", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "keyhole.db")
      const layer = Layer.provideMerge(Storage.database, at(file))
      yield* Effect.provide(
        Effect.flatMap(TokenStorage, (storage) => storage.store("a", "", Duration.seconds(1))),
        layer
      )
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* Effect.provide(kept, at(file)), ["a"])
      const soon = Effect.repeat(kept, { until: (keys) => keys.length === 0, times: 100 })
      assert.deepStrictEqual(yield* Effect.provide(soon, layer), [])
    })
  )
})
