import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../../src/domain/identity/Email.ts"
import { type Attempt, Guesses } from "../../../src/domain/identity/Guesses.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { inMemory } from "../../support/database.ts"
import { guesses } from "../../support/vault.ts"

const ada: Attempt = { email: Email.make("ada@example.com"), ipAddress: "192.0.2.1" }
const eve: Attempt = { email: Email.make("ada@example.com"), ipAddress: "198.51.100.1" }

/** What there are rows of. */
const kept = Effect.gen(function* () {
  const { read } = yield* Database
  const rows = yield* read((tables) => tables.selectFrom("guess_tally").select("key").orderBy("key").execute())
  return rows.map(({ key }) => key.split(" ")[0])
})

describe("guesses in the database", () => {
  it.effect("are removed in the background when they no longer count", () =>
    Effect.gen(function* () {
      const { failed, succeeded } = yield* Guesses
      const now = yield* DateTime.now
      yield* failed(eve, now)
      yield* succeeded(ada, now)
      assert.deepStrictEqual(yield* kept, ["account", "pair", "pair", "place"])
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* kept, ["account", "pair"])
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* kept, ["pair"])
    }).pipe(Effect.provide(Layer.provideMerge(guesses, inMemory)))
  )
})
