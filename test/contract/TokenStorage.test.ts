import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import type { DatabaseUnusable } from "../../src/infra/database/DatabaseUnusable.ts"
import { TokenStorage } from "../../src/domain/token/TokenStorage.ts"
import * as Database from "../../src/infra/token/TokenStorage.ts"
import * as Memory from "../../src/infra/token/TokenStorageInMemory.ts"
import * as OnRedis from "../../src/infra/token/TokenStorageOnRedis.ts"
import { onRedis } from "../support/redis/onRedis.ts"
import { inFile, inMemory, onPostgres, ports } from "../support/database.ts"

interface Subject {
  readonly where: string
  readonly layer: Layer.Layer<TokenStorage, DatabaseUnusable>
  readonly many: number
}

const subjects: ReadonlyArray<Subject> = [
  { where: "in memory", layer: Memory.memory, many: 10_000 },
  { where: "in a database in memory", layer: Layer.provide(Database.database, inMemory), many: 10_000 },
  {
    where: "in a database, remembered in the process",
    layer: Layer.provide(ports, inMemory),
    many: 10_000
  },
  // Each of them waits for the disk.
  { where: "in a database file", layer: Layer.provide(Database.database, inFile), many: 1000 },
  { where: "on Redis", layer: Layer.provide(OnRedis.redis, onRedis), many: 1000 },
  { where: "on PostgreSQL", layer: Layer.provide(ports, onPostgres), many: 200 }
]

const minute = Duration.minutes(1)

const ODD_KEYS = [
  "",
  " ",
  "revoked:sess_0123456789abcdef",
  "a'b\"c`d;--",
  "%_*?[]",
  "a\u0000b",
  "a\r\nb",
  "é",
  "e\u0301",
  "🔑",
  "KEY",
  "key",
  "k".repeat(10_000)
]

describe.each(subjects)("TokenStorage $where", ({ layer, many }) => {
  it.effect("gives back what was stored, and nothing for another key", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("a", "one", minute)
      assert.deepStrictEqual(yield* storage.get("a"), Option.some("one"))
      assert.deepStrictEqual(yield* storage.get("b"), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("ends an entry when its time to live is over, and not before", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("a", "one", minute)
      yield* TestClock.adjust("59999 millis")
      assert.deepStrictEqual(yield* storage.get("a"), Option.some("one"))
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* storage.get("a"), Option.none())
      assert.isFalse(yield* storage.delete("a"))
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps an entry whose end is a fraction of a millisecond away", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("a", "one", Duration.micros(1n))
      assert.deepStrictEqual(yield* storage.get("a"), Option.some("one"))
    }).pipe(Effect.provide(layer))
  )

  it.effect("replaces value and end, to later and to sooner", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("later", "one", minute)
      yield* storage.store("sooner", "one", Duration.hours(1))
      yield* TestClock.adjust("30 seconds")
      yield* storage.store("later", "two", minute)
      yield* storage.store("sooner", "two", Duration.seconds(1))
      yield* TestClock.adjust("45 seconds")
      assert.deepStrictEqual(yield* storage.get("later"), Option.some("two"))
      assert.deepStrictEqual(yield* storage.get("sooner"), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("stores again under a key whose entry has ended", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("a", "one", Duration.seconds(1))
      yield* TestClock.adjust("2 seconds")
      yield* storage.store("a", "two", minute)
      assert.deepStrictEqual(yield* storage.get("a"), Option.some("two"))
    }).pipe(Effect.provide(layer))
  )

  it.effect("tells whether a delete removed a live entry", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("a", "one", minute)
      assert.isTrue(yield* storage.delete("a"))
      assert.isFalse(yield* storage.delete("a"))
      assert.isFalse(yield* storage.delete("never"))
      assert.deepStrictEqual(yield* storage.get("a"), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes any text as a key, and tells all of them apart", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      for (const [index, key] of ODD_KEYS.entries()) yield* storage.store(key, `${index}`, minute)
      for (const [index, key] of ODD_KEYS.entries()) {
        assert.deepStrictEqual(yield* storage.get(key), Option.some(`${index}`))
      }
      for (const value of ODD_KEYS) {
        yield* storage.store("value", value, minute)
        assert.deepStrictEqual(yield* storage.get("value"), Option.some(value))
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("holds many entries, and ends each in its time", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      const numbers = Array.from({ length: many }, (_, index) => index)
      yield* Effect.forEach(numbers, (n) => storage.store(`${n}`, `value ${n}`, Duration.seconds(1 + (n % 2) * 600)), {
        concurrency: 50,
        discard: true
      })
      // Past several sweeps.
      yield* TestClock.adjust("5 minutes")
      const values = yield* Effect.forEach(numbers, (n) => storage.get(`${n}`), { concurrency: 50 })
      assert.deepStrictEqual(
        values.map(Option.getOrNull),
        numbers.map((n) => (n % 2 === 0 ? null : `value ${n}`))
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("is left with one of the values when many store under one key at once", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      const values = Array.from({ length: 100 }, (_, index) => `${index}`)
      yield* Effect.forEach(values, (value) => storage.store("a", value, minute), { concurrency: "unbounded" })
      assert.include(values, Option.getOrThrow(yield* storage.get("a")))
    }).pipe(Effect.provide(layer))
  )

  it.effect("lets one of many concurrent deletes find the entry", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage
      yield* storage.store("a", "one", minute)
      const found = yield* Effect.replicateEffect(storage.delete("a"), 50, { concurrency: "unbounded" })
      assert.strictEqual(found.filter(Boolean).length, 1)
    }).pipe(Effect.provide(layer))
  )
})
