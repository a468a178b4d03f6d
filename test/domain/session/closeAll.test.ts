import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signInWithCookie } from "../../../src/domain/identity/signInWithCookie.ts"
import { closeAll } from "../../../src/domain/session/closeAll.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const credentials = { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple") }

/** What every process is told, and what the trail tells. */
const told = Effect.gen(function* () {
  const { read } = yield* Database
  const changes = yield* read((tables) => tables.selectFrom("change").select("kind").orderBy("seq").execute())
  const events = yield* read((tables) =>
    tables.selectFrom("security_event").select("id").where("type", "=", "session.closed").execute()
  )
  return { changes: changes.map(({ kind }) => kind), closings: events.length }
})

describe("all sessions of a user", () => {
  it.effect("that were closed just now are told of again: whoever closed them may not have lived to", () =>
    Effect.gen(function* () {
      const { user } = yield* register({ ...credentials, name: null }, somebody)
      yield* signInWithCookie(credentials, undefined, somebody)
      const before = yield* told
      assert.strictEqual(yield* closeAll(user.id, "closed-by-administrator", somebody), 2)
      const once = yield* told
      const news = once.changes.slice(before.changes.length)
      assert.includeMembers(news, ["session", "token-entry"])

      assert.strictEqual(yield* closeAll(user.id, "closed-by-administrator", somebody), 0)
      const twice = yield* told
      assert.sameMembers(twice.changes.slice(once.changes.length), news)
      assert.strictEqual(twice.closings, once.closings)

      yield* TestClock.adjust("6 seconds")
      assert.strictEqual(yield* closeAll(user.id, "closed-by-administrator", somebody), 0)
      assert.deepStrictEqual(yield* told, twice)
    }).pipe(Effect.provide(useCases))
  )
})
