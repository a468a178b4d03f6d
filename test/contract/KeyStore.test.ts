import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Exit, Layer, Option, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../src/domain/identity/Email.ts"
import { register } from "../../src/domain/identity/register.ts"
import { KeySettings } from "../../src/domain/key/KeySettings.ts"
import { KeyStore } from "../../src/domain/key/KeyStore.ts"
import { PUBLISHED_AHEAD } from "../../src/domain/key/keyRotation.ts"
import { rotateKeys } from "../../src/domain/key/rotateKeys.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { KeyId } from "../../src/domain/token/TokenSigner.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { databases } from "../support/database.ts"
import { over, somebody, tokenSettings } from "../support/useCases.ts"
import { keyStore } from "../support/vault.ts"

const DUE = { _tag: "WhatIsDue" } as const
const ROTATE = { _tag: "Rotate" } as const
const settings = { rotateEvery: Option.some(Duration.days(30)) }

const at = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")
const later = DateTime.add(at, { minutes: 7 })
const until = DateTime.add(at, { days: 9 })

const kept = Effect.gen(function* () {
  const { read } = yield* Database
  return yield* read((tables) => tables.selectFrom("signing_key").selectAll().execute())
})

const states = Effect.map(
  KeyStore.use(({ all }) => all),
  (keys) => keys.map(({ state }) => state._tag)
)

const rotations = Effect.gen(function* () {
  const { read } = yield* Database
  const events = yield* read((tables) => tables.selectFrom("security_event").selectAll().orderBy("at").execute())
  return events.filter(({ type }) => type === "key.rotated")
})

describe.each(databases)("KeyStore over a database %s", (_where, database) => {
  const layer = keyStore.pipe(Layer.provideMerge(over(database)), Layer.merge(Layer.succeed(KeySettings, settings)))

  it.effect("leads a key through its life: next, current, retiring, gone with its private half", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore
      assert.deepStrictEqual(yield* store.all, [])
      const minted = yield* store.mint
      const id = minted.publicKey.kid
      yield* store.publish(minted, "Next", at)
      const known = { id, createdAt: at }
      assert.deepStrictEqual(yield* store.all, [{ ...known, state: { _tag: "Next" }, since: at }])
      yield* store.activate(id, later)
      assert.deepStrictEqual(yield* store.hold, [{ ...known, state: { _tag: "Current" }, since: later }])
      yield* store.retire(id, until, later)
      assert.deepStrictEqual(yield* store.all, [{ ...known, state: { _tag: "Retiring", until: later }, since: until }])
      yield* store.remove(id)
      assert.deepStrictEqual(yield* kept, [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("refuses a second current and a second next key, whoever asks", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore
      for (const state of ["Current", "Next"] as const) {
        yield* store.publish(yield* store.mint, state, at)
        assert.isTrue(Exit.hasDies(yield* Effect.exit(store.publish(yield* store.mint, state, at))))
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("knows when the last refresh token ends that a key has signed", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore
      const key = KeyId.make("test")
      assert.deepStrictEqual(yield* store.lastExpiry(key), Option.none())
      const long = { ...tokenSettings, refreshTtl: Duration.days(60) }
      const account = { password: Redacted.make("correct horse battery staple"), name: null }
      yield* register({ ...account, email: Email.make("ada@example.com") }, somebody).pipe(
        Effect.provideService(TokenSettings, long)
      )
      yield* register({ ...account, email: Email.make("grace@example.com") }, somebody)
      const expected = DateTime.addDuration(yield* DateTime.now, long.refreshTtl)
      assert.deepStrictEqual(yield* store.lastExpiry(key), Option.some(expected))
      assert.deepStrictEqual(yield* store.lastExpiry(KeyId.make("another")), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("has its first keys made once, however many processes begin at once", () =>
    Effect.gen(function* () {
      const results = yield* Effect.all(
        Array.from({ length: 5 }, () => rotateKeys(DUE, somebody)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(results.filter((taken) => taken.length > 0).length, 1)
      assert.deepStrictEqual((yield* states).toSorted(), ["Current", "Next"])
      assert.deepStrictEqual(yield* rotations, [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is rotated by one of many who want to, and the trail says so once", () =>
    Effect.gen(function* () {
      yield* rotateKeys(DUE, somebody)
      const first = (yield* (yield* KeyStore).all).find(({ state }) => state._tag === "Current")
      yield* TestClock.adjust("1 milli")
      const wanted = Array.from({ length: 5 }, () => Effect.result(rotateKeys(ROTATE, somebody)))
      const results = yield* Effect.all(wanted, { concurrency: "unbounded" })
      const refused = results.flatMap((result) => (Result.isFailure(result) ? [result.failure._tag] : []))
      assert.deepStrictEqual(
        refused,
        Array.from({ length: 4 }, () => "RotatedTooSoon")
      )
      assert.deepStrictEqual((yield* states).toSorted(), ["Current", "Next", "Retiring"])
      const [told, ...others] = yield* rotations
      assert.deepStrictEqual(others, [])
      assert.deepInclude(JSON.parse(told?.detail ?? "{}"), { reason: "command", retired: first?.id })
    }).pipe(Effect.provide(layer))
  )

  it.effect("is changed whole or not at all", () =>
    Effect.gen(function* () {
      yield* rotateKeys(DUE, somebody)
      const before = yield* (yield* KeyStore).all
      const { transaction } = yield* UnitOfWork
      yield* Effect.flip(transaction(Effect.andThen(rotateKeys(ROTATE, somebody), Effect.fail("no"))))
      assert.deepStrictEqual(yield* (yield* KeyStore).all, before)
      assert.deepStrictEqual(yield* rotations, [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("tells of a dropped key in the trail, and of the one that signs instead", () =>
    Effect.gen(function* () {
      yield* rotateKeys(DUE, somebody)
      const [first, second] = yield* (yield* KeyStore).all
      yield* TestClock.adjust(PUBLISHED_AHEAD)
      yield* rotateKeys({ _tag: "Drop", key: "current" }, somebody)
      const current = (yield* (yield* KeyStore).all).find(({ state }) => state._tag === "Current")
      const [told, ...others] = yield* rotations
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(JSON.parse(told?.detail ?? "{}"), {
        reason: "dropped",
        current: current?.id,
        dropped: [first, second].find((key) => key?.id !== current?.id)?.id
      })
    }).pipe(Effect.provide(layer))
  )
})
