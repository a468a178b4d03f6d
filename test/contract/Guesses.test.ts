import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../src/domain/identity/Email.ts"
import { Guesses } from "../../src/domain/identity/Guesses.ts"
import type { DatabaseUnusable } from "../../src/infra/database/DatabaseUnusable.ts"
import { inFile, inMemory, onPostgres } from "../support/database.ts"
import { guesses } from "../support/vault.ts"

interface Subject {
  readonly where: string
  readonly layer: Layer.Layer<Guesses, DatabaseUnusable>
}

const subjects: ReadonlyArray<Subject> = [
  { where: "in a database in memory", layer: Layer.provide(guesses, inMemory) },
  { where: "in a database file", layer: Layer.provide(guesses, inFile) },
  { where: "on PostgreSQL", layer: Layer.provide(guesses, onPostgres) }
]

const HOME = "192.0.2.1"
const ELSEWHERE = "198.51.100.1"
const ada = Email.make("ada@example.com")
const email = (index: number) => Email.make(`user${index}@example.com`)
const stranger = (index: number) => `203.0.${index >> 8}.${index & 255}`

const ask = (operation: "admit" | "failed" | "succeeded", who: Email | null, ipAddress: string | null, days = 0) =>
  Effect.gen(function* () {
    const port = yield* Guesses
    const now = DateTime.add(yield* DateTime.now, { days })
    const answer = yield* port[operation]({ email: who, ipAddress }, now)
    return answer._tag === "Allowed"
      ? 0
      : Math.ceil((DateTime.toEpochMillis(answer.until) - now.epochMilliseconds) / 1000)
  })

/** Seconds to wait, 0 for none; `days` from now, without all that happens meanwhile. */
const admit = (who: Email | null, ipAddress: string | null, days?: number) => ask("admit", who, ipAddress, days)
const fail = (who: Email | null, ipAddress: string | null, days?: number) => ask("failed", who, ipAddress, days)
const succeed = (who: Email, ipAddress: string | null) => ask("succeeded", who, ipAddress)
const times = <A, E, R>(count: number, each: (index: number) => Effect.Effect<A, E, R>) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    each
  )

describe.each(subjects)("Guesses $where", ({ layer }) => {
  const lives = <E>(says: string, test: Effect.Effect<void, E, Guesses>) =>
    it.effect(says, () => Effect.provide(test, layer))

  lives(
    "makes an address wait that has failed ten times on an account, there alone",
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* times(10, () => fail(ada, HOME)),
        Array.from({ length: 10 }, () => 0)
      )
      assert.strictEqual(yield* admit(ada, HOME), 60)
      assert.strictEqual(yield* admit(ada, ELSEWHERE), 0)
      assert.strictEqual(yield* admit(email(1), HOME), 0)
      assert.strictEqual(yield* admit(null, HOME), 0)
    })
  )

  lives(
    "tells whoever has to wait nothing, whether they were wrong or right, and does not count it",
    Effect.gen(function* () {
      yield* times(10, () => fail(ada, HOME))
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(yield* fail(ada, HOME), 40)
      assert.strictEqual(yield* succeed(ada, HOME), 40)
      yield* TestClock.adjust("40 seconds")
      assert.strictEqual(yield* admit(ada, HOME), 0)
    })
  )

  lives(
    "tells ten of fifty who fail at once, and the others to wait",
    Effect.gen(function* () {
      const all = yield* Effect.replicateEffect(fail(ada, HOME), 50, { concurrency: "unbounded" })
      assert.strictEqual(all.filter((wait) => wait === 0).length, 10)
      assert.strictEqual(yield* succeed(ada, HOME), 60)
    })
  )

  lives(
    "lets fifty who are right at once through",
    Effect.gen(function* () {
      const all = yield* Effect.replicateEffect(succeed(ada, HOME), 50, { concurrency: "unbounded" })
      assert.deepStrictEqual(new Set(all), new Set([0]))
    })
  )

  lives(
    "doubles the wait of those who go on, and forgets it when they are quiet",
    Effect.gen(function* () {
      yield* times(10, () => fail(ada, HOME))
      yield* TestClock.adjust("1 minute")
      yield* times(5, () => fail(ada, HOME))
      assert.strictEqual(yield* admit(ada, HOME), 120)
      yield* TestClock.adjust("2 hours")
      yield* times(9, () => fail(ada, HOME))
      assert.strictEqual(yield* admit(ada, HOME), 0)
      yield* fail(ada, HOME)
      assert.strictEqual(yield* admit(ada, HOME), 60)
    })
  )

  lives(
    "forgets an address's failures on an account when somebody signs in there, and on no other account",
    Effect.gen(function* () {
      yield* times(9, () => fail(ada, HOME))
      yield* times(9, () => fail(email(1), HOME))
      yield* succeed(ada, HOME)
      yield* times(9, () => fail(ada, HOME))
      assert.strictEqual(yield* admit(ada, HOME), 0)
      yield* fail(email(1), HOME)
      assert.strictEqual(yield* admit(email(1), HOME), 60)
    })
  )

  lives(
    "makes an address wait that has failed a hundred times, whatever the accounts, and whoever signs in between",
    Effect.gen(function* () {
      yield* times(99, (index) => fail(email(index), HOME))
      yield* succeed(ada, HOME)
      assert.strictEqual(yield* admit(null, HOME), 0)
      yield* fail(null, HOME)
      assert.strictEqual(yield* admit(null, HOME), 60)
      assert.strictEqual(yield* admit(ada, HOME), 60)
      assert.strictEqual(yield* admit(ada, ELSEWHERE), 0)
    })
  )

  lives(
    "counts the addresses of one IPv6 /64 as one, and IPv4 over IPv6 as what it is",
    Effect.gen(function* () {
      yield* times(10, (index) => fail(ada, `2001:db8:1:2:${index.toString(16)}::7`))
      assert.strictEqual(yield* admit(ada, "2001:DB8:1:2:ffff::"), 60)
      assert.strictEqual(yield* admit(ada, "2001:db8:1:3::7"), 0)
      yield* times(10, () => fail(email(1), HOME))
      assert.strictEqual(yield* admit(email(1), `::ffff:${HOME}`), 60)
    })
  )

  lives(
    "counts an account's address in any case and composition as one, and none as one more",
    Effect.gen(function* () {
      yield* times(5, () => fail(Email.make("Jos\u00e9@example.com"), null))
      yield* times(5, () => fail(Email.make("JOSE\u0301@EXAMPLE.com"), null))
      assert.strictEqual(yield* admit(Email.make("jos\u00e9@example.com"), null), 60)
      assert.strictEqual(yield* admit(Email.make("jos\u00e9@example.com"), HOME), 0)
    })
  )

  lives(
    "slows an account that is guessed at from many addresses, but not for those who signed in to it",
    Effect.gen(function* () {
      yield* succeed(ada, HOME)
      yield* times(100, (index) => fail(ada, stranger(index)))
      assert.strictEqual(yield* admit(ada, ELSEWHERE), 60)
      assert.strictEqual(yield* succeed(ada, ELSEWHERE), 60)
      assert.strictEqual(yield* admit(email(1), ELSEWHERE), 0)
      assert.strictEqual(yield* admit(ada, HOME), 0)
      assert.strictEqual(yield* succeed(ada, HOME), 0)
    })
  )

  lives(
    "knows the address of a sign-in for thirty days",
    Effect.gen(function* () {
      yield* succeed(ada, HOME)
      yield* times(100, (index) => fail(ada, stranger(index), 29))
      assert.strictEqual(yield* admit(ada, HOME, 29), 0)
      assert.strictEqual(yield* admit(ada, ELSEWHERE, 29), 60)
      yield* times(100, (index) => fail(ada, stranger(index), 31))
      assert.strictEqual(yield* admit(ada, HOME, 31), 60)
    })
  )

  lives(
    "has news of a wait for the first who is turned away, and for nobody else",
    Effect.gen(function* () {
      const port = yield* Guesses
      const now = yield* DateTime.now
      yield* times(10, () => fail(ada, HOME))
      const heard = yield* Effect.replicateEffect(port.admit({ email: ada, ipAddress: HOME }, now), 20, {
        concurrency: "unbounded"
      })
      assert.strictEqual(heard.filter(({ isNews }) => isNews).length, 1)
      yield* TestClock.adjust("1 minute")
      yield* times(5, () => fail(ada, HOME))
      const again = yield* port.admit({ email: ada, ipAddress: HOME }, yield* DateTime.now)
      assert.isTrue(again.isNews)
    })
  )
})
