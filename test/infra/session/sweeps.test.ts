import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { sql } from "kysely"
import { Email } from "../../../src/domain/identity/Email.ts"
import { register } from "../../../src/domain/identity/register.ts"
import { signInWithCookie } from "../../../src/domain/identity/signInWithCookie.ts"
import { recognize } from "../../../src/domain/session/recognize.ts"
import { SessionSettings } from "../../../src/domain/session/SessionSettings.ts"
import { signOut } from "../../../src/domain/token/signOut.ts"
import { refresh } from "../../../src/domain/token/refresh.ts"
import * as ChangeSweep from "../../../src/infra/change/ChangeSweep.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import * as SessionSweep from "../../../src/infra/session/SessionSweep.ts"
import { sessionSettings, somebody, useCases } from "../../support/useCases.ts"

const credentials = { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple") }
const ttl = Duration.hours(2)
const sweeping = Layer.merge(SessionSweep.layer, ChangeSweep.layer).pipe(
  Layer.provideMerge(Layer.merge(useCases, Layer.succeed(SessionSettings, { ...sessionSettings, ttl })))
)

const kept = Effect.gen(function* () {
  const { read } = yield* Database
  const sessions = yield* read((tables) => tables.selectFrom("session").selectAll().orderBy("created_at").execute())
  const tokens = yield* read((tables) => tables.selectFrom("refresh_token").select("consumed_at").execute())
  const events = yield* read((tables) => tables.selectFrom("security_event").selectAll().execute())
  const changes = yield* read((tables) => tables.selectFrom("change").select("seq").execute())
  return {
    sessions: sessions.map(({ kind, close_reason }) => `${kind} ${close_reason}`),
    tokens: tokens.length,
    expired: events.filter(({ type, detail }) => type === "session.closed" && detail.includes("expired")),
    changes: changes.length
  }
})

type Kept = Effect.Success<typeof kept>

/** What is kept when the sweep, which may have been in the midst of its last turn, has come so far. */
const keptOnce = (isSo: (now: Kept) => boolean) =>
  Effect.flatMap(TestClock.adjust("30 seconds"), () => kept).pipe(Effect.repeat({ until: (now) => isSo(now) }))

/** As if what the column tells had been a month and a day sooner. */
const ago = (table: string, column: string) =>
  Effect.flatMap(Database, ({ run }) =>
    run((tables) =>
      sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.ref(column)} - ${31 * 86_400_000}`.execute(tables)
    )
  )

describe("what has ended", () => {
  it.effect("is closed soon after: a session whose time is over, by nobody, with a trace", () =>
    Effect.gen(function* () {
      yield* register({ ...credentials, name: null }, somebody)
      const { secret } = yield* signInWithCookie(credentials, undefined, somebody)
      yield* TestClock.adjust("119 minutes")
      assert.deepStrictEqual((yield* kept).sessions, ["token null", "cookie null"])
      yield* TestClock.adjust("2 minutes")
      const { sessions, expired } = yield* keptOnce((now) => now.sessions.includes("cookie expired"))
      assert.deepStrictEqual(sessions, ["token null", "cookie expired"])
      assert.lengthOf(expired, 1)
      assert.deepInclude(expired[0], { actor_id: null, ip_address: null })
      // Its browser is told the same before and after.
      assert.strictEqual((yield* Effect.flip(recognize(secret)))._tag, "TokenExpired")
    }).pipe(Effect.provide(sweeping))
  )

  it.effect("is removed long after: closed sessions with their tokens, used tokens that expired, old changes", () =>
    Effect.gen(function* () {
      const { refreshToken } = yield* register({ ...credentials, name: null }, somebody)
      yield* refresh(refreshToken, somebody)
      const { secret } = yield* signInWithCookie(credentials, undefined, somebody)
      yield* signOut({ cookie: secret }, somebody)
      const before = yield* kept
      assert.strictEqual(before.tokens, 2)
      assert.isAbove(before.changes, 1)
      yield* ago("session", "closed_at")
      yield* ago("refresh_token", "expires_at")
      yield* ago("change", "at")
      yield* TestClock.adjust("10 minutes")
      const after = yield* keptOnce((now) => now.sessions.length < 2 && now.tokens < 2 && now.changes < 2)
      assert.deepStrictEqual(after.sessions, ["token null"])
      assert.strictEqual(after.tokens, 1, "the live one")
      assert.strictEqual(after.changes, 1, "the newest one")
    }).pipe(Effect.provide(sweeping))
  )
})
