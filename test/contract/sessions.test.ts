import { assert, describe, it } from "@effect/vitest"
import { fc } from "@fast-check/vitest"
import { Clock, Duration, Effect, Layer, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { Email } from "../../src/domain/identity/Email.ts"
import { register } from "../../src/domain/identity/register.ts"
import { signIn } from "../../src/domain/identity/signIn.ts"
import { SessionId } from "../../src/domain/session/Session.ts"
import { SessionSettings } from "../../src/domain/session/SessionSettings.ts"
import { refresh } from "../../src/domain/token/refresh.ts"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { isRevoked } from "../../src/domain/token/revocation.ts"
import { signOut } from "../../src/domain/token/signOut.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { inMemory, onPostgres } from "../support/database.ts"
import { over, sessionSettings, somebody, tokenSettings } from "../support/useCases.ts"
import { explanations, type Model, type ModelSession, type Rules, type Step } from "./sessionModel.ts"

const AT_MOST = 3
// Short lives: whole ones would have the test's clock wake the sweep of ended entries thousands of times.
const settings = { ...tokenSettings, accessTtl: Duration.minutes(1), refreshTtl: Duration.minutes(5) }
const rules: Rules = {
  atMost: AT_MOST,
  grace: Duration.toMillis(settings.refreshGrace),
  leeway: Duration.toMillis(settings.leeway),
  ttl: Duration.toMillis(settings.refreshTtl)
}

const credentials = { email: Email.make("ada@example.com"), password: Redacted.make("correct horse battery staple") }

/** What a caller will try: with the token that many places from the newest. */
interface Intent {
  readonly will: "sign in" | "refresh" | "sign out"
  readonly token: number
  /** How many turns other fibers get first. */
  readonly turns: number
}

const intent: fc.Arbitrary<Intent> = fc.record({
  will: fc.constantFrom("sign in", "refresh", "refresh", "refresh", "sign out"),
  token: fc.nat({ max: 5 }),
  turns: fc.nat({ max: 30 })
})

/** Seconds that pass, and then what several callers do at once. */
const round = fc.record({
  seconds: fc.constantFrom(0, 0, 1, 9, 10, 11, 60, 150, 299, 300, 305),
  intents: fc.array(intent, { minLength: 1, maxLength: 4 })
})

const carryOut = Effect.fnUntraced(function* ({ will, turns }: Intent, token: string) {
  yield* Effect.repeat(Effect.yieldNow, { times: turns })
  if (will === "sign in") {
    const { sessionId, refreshToken } = yield* signIn(credentials, somebody)
    return { did: will, session: sessionId, token: Redacted.value(refreshToken) } satisfies Step
  }
  if (will === "sign out") {
    yield* signOut({ refreshToken: Redacted.make(token) }, somebody)
    return { did: will, token } satisfies Step
  }
  const result = yield* Effect.result(refresh(Redacted.make(token), somebody))
  const got = Result.isSuccess(result) ? Redacted.value(result.success.refreshToken) : result.failure._tag
  return { did: will, token, got } satisfies Step
})

/** A used token that has expired may be removed at any time. */
const matters = (consumedAt: number | null, expiresAt: number, now: number) => consumedAt === null || expiresAt > now

/** What is in the database, without the tokens' strings, which it does not hold. */
const kept = Effect.fnUntraced(function* (now: number) {
  const { read } = yield* Database
  const sessions = yield* read((tables) => tables.selectFrom("session").selectAll().orderBy("id").execute())
  const tokens = yield* read((tables) => tables.selectFrom("refresh_token").selectAll().execute())
  return sessions.map(({ id, created_at, expires_at, close_reason }) => ({
    id,
    createdAt: created_at,
    expiresAt: expires_at,
    closed: close_reason,
    consumed: tokens
      .filter((token) => token.session_id === id && matters(token.consumed_at, token.expires_at, now))
      .map(({ consumed_at }) => consumed_at ?? Number.POSITIVE_INFINITY)
      .toSorted((one, other) => one - other)
  }))
})

const asKept = (now: number, { id, createdAt, expiresAt, closed, tokens }: ModelSession) => ({
  id,
  createdAt,
  expiresAt,
  closed,
  consumed: tokens
    .filter((token) => matters(token.consumedAt, token.expiresAt, now))
    .map(({ consumedAt }) => consumedAt ?? Number.POSITIVE_INFINITY)
})

const stateOf = (model: Model, now: number) =>
  JSON.stringify(model.map((session) => asKept(now, session)).toSorted((one, other) => (one.id < other.id ? -1 : 1)))

const play = Effect.fnUntraced(function* (rounds: ReadonlyArray<{ seconds: number; intents: ReadonlyArray<Intent> }>) {
  const first = yield* register({ ...credentials, name: null }, somebody)
  const token = Redacted.value(first.refreshToken)
  const known = [token]
  const opening: Step = { did: "sign in", session: first.sessionId, token }
  let possible = explanations([[]], [opening], yield* Clock.currentTimeMillis, rules)

  for (const { seconds, intents } of rounds) {
    yield* TestClock.adjust(Duration.seconds(seconds))
    const now = yield* Clock.currentTimeMillis
    const steps = yield* Effect.forEach(
      intents,
      (each) => carryOut(each, known.at(-1 - (each.token % known.length)) ?? token),
      { concurrency: "unbounded" }
    )
    const state = JSON.stringify(yield* kept(now))
    possible = explanations(possible, steps, now, rules).filter((model) => stateOf(model, now) === state)
    assert.isNotEmpty(possible, `no order of these steps explains them: ${JSON.stringify(steps)}, leaving ${state}`)

    for (const session of possible[0] ?? []) {
      for (const { value } of session.tokens) if (!known.includes(value)) known.push(value)
    }
    yield* holds(now)
  }
})

/** What must be true at all times, whatever the model says. */
const holds = Effect.fnUntraced(function* (now: number) {
  const sessions = yield* kept(now)
  assert.isAtMost(sessions.filter(({ closed, expiresAt }) => closed === null && expiresAt > now).length, AT_MOST)
  for (const { id, closed, consumed } of sessions) {
    assert.strictEqual(consumed.filter((at) => at === Number.POSITIVE_INFINITY).length, 1, "one live token a family")
    assert.strictEqual(yield* isRevoked(SessionId.make(id)), closed !== null, "revoked when closed, and only then")
  }
})

describe.each([
  ["in memory", inMemory, 200],
  ["on PostgreSQL", onPostgres, 20]
] as const)(
  "sessions and their refresh tokens, over a database %s",
  { timeout: 120_000 },
  (_where, database, numRuns) => {
    it.live("do what the rules say, one after the other in some order, however many act at once", () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 8 }), (rounds) => {
            const layer = Layer.mergeAll(
              over(database),
              Layer.succeed(SessionSettings, { ...sessionSettings, atMost: AT_MOST }),
              Layer.succeed(TokenSettings, settings)
            ).pipe(Layer.provideMerge(TestClock.layer()))
            return Effect.runPromise(Effect.provide(play(rounds), layer))
          }),
          { numRuns }
        )
      )
    )
  }
)
