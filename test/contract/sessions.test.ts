import { assert, describe, it } from "@effect/vitest"
import { fc } from "@fast-check/vitest"
import { Clock, Duration, Effect, Layer, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import type { Principal } from "../../src/domain/access/Principal.ts"
import { admin } from "../../src/domain/access/Role.ts"
import { changePassword } from "../../src/domain/identity/changePassword.ts"
import { createUser } from "../../src/domain/identity/createUser.ts"
import { deleteUser } from "../../src/domain/identity/deleteUser.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { unlimited } from "../../src/domain/identity/Guesses.ts"
import { register } from "../../src/domain/identity/register.ts"
import { setDisabled } from "../../src/domain/identity/setDisabled.ts"
import { signIn } from "../../src/domain/identity/signIn.ts"
import { signInWithCookie } from "../../src/domain/identity/signInWithCookie.ts"
import type { UserId } from "../../src/domain/identity/User.ts"
import { closeAll } from "../../src/domain/session/closeAll.ts"
import { recognize } from "../../src/domain/session/recognize.ts"
import { SessionId } from "../../src/domain/session/Session.ts"
import { SessionSecret } from "../../src/domain/session/SessionSecret.ts"
import { SessionSettings } from "../../src/domain/session/SessionSettings.ts"
import { authenticate } from "../../src/domain/token/authenticate.ts"
import { refresh } from "../../src/domain/token/refresh.ts"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { isRevoked } from "../../src/domain/token/revocation.ts"
import { signOut } from "../../src/domain/token/signOut.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { secretHash } from "../../src/infra/session/secretHash.ts"
import { inFile, inMemory, onPostgres } from "../support/database.ts"
import { over, sessionSettings, somebody, tokenSettings } from "../support/useCases.ts"
import { explanations, type Model, type ModelSession, type Rules, type Step } from "./sessionModel.ts"

const AT_MOST = 3
// Short lives: whole ones would have the test's clock wake the sweep of ended entries thousands of times.
const settings = { ...tokenSettings, accessTtl: Duration.minutes(1), refreshTtl: Duration.minutes(5) }
const lifetime = { ttl: Duration.minutes(4), max: Duration.minutes(9), idle: Duration.minutes(2) }
const rules: Rules = {
  atMost: AT_MOST,
  grace: Duration.toMillis(settings.refreshGrace),
  leeway: Duration.toMillis(settings.leeway),
  ttl: Duration.toMillis(settings.refreshTtl),
  unused: Duration.toMillis(lifetime.idle),
  max: Duration.toMillis(lifetime.max)
}

const email = Email.make("ada@example.com")
const PASSWORDS = ["correct horse battery staple", "a harbour in the morning"] as const
const otherThan = (password: string) => (password === PASSWORDS[0] ? PASSWORDS[1] : PASSWORDS[0])

/** What a caller will try: with the token, or the cookie, that many places from the newest. */
interface Intent {
  readonly will: Step["did"]
  readonly which: number
  /** How many turns other fibers get first. */
  readonly turns: number
}

/** Who has one kind of session seldom tries much with the other; who administers does it seldom. */
const frequencies: ReadonlyArray<readonly [weight: number, will: Step["did"]]> = [
  [3, "sign in"],
  [6, "refresh"],
  [3, "sign out"],
  [4, "sign in with a cookie"],
  [6, "use the cookie"],
  [2, "sign out with the cookie"],
  [3, "change the password"],
  [1, "sign out everywhere"],
  [1, "disable"],
  [2, "enable"],
  [1, "delete"]
]

const intent: fc.Arbitrary<Intent> = fc.record({
  will: fc.oneof(...frequencies.map(([weight, will]) => ({ weight, arbitrary: fc.constant(will) }))),
  which: fc.nat({ max: 5 }),
  turns: fc.nat({ max: 30 })
})

/** Seconds that pass, and then what several callers do at once. */
const round = fc.record({
  seconds: fc.constantFrom(0, 0, 1, 9, 10, 11, 59, 60, 119, 120, 150, 299, 300, 305),
  intents: fc.array(intent, { minLength: 1, maxLength: 4 })
})

const secretOf = (text: string) => SessionSecret.make(Redacted.make(text))

/** What was handed out, or the name of the refusal. */
const outcome = <A, E extends { readonly _tag: string }, R>(
  effect: Effect.Effect<A, E, R>,
  show: (value: A) => string
) =>
  Effect.map(Effect.result(effect), (result) => (Result.isSuccess(result) ? show(result.success) : result.failure._tag))

/** What there is to try with. */
interface World {
  readonly ada: UserId
  readonly root: Principal
  readonly tokens: Array<string>
  readonly cookies: Array<string>
  readonly accessTokens: Array<{ readonly session: string; readonly token: Redacted.Redacted<string> }>
}

const nth = (all: ReadonlyArray<string>, which: number) => all.at(-1 - (which % Math.max(1, all.length))) ?? "nothing"

const carryOut = Effect.fnUntraced(function* ({ will, which, turns }: Intent, world: World, password: string) {
  const token = nth(world.tokens, which)
  const cookie = nth(world.cookies, which)
  const credentials = { email, password: Redacted.make(password) }
  let session: string | null = null
  const handedOut = (tokens: {
    sessionId: string
    accessToken: Redacted.Redacted<string>
    refreshToken: Redacted.Redacted<string>
  }) => {
    session = tokens.sessionId
    world.accessTokens.push({ session: tokens.sessionId, token: tokens.accessToken })
    return Redacted.value(tokens.refreshToken)
  }
  const done = () => "done"
  yield* Effect.repeat(Effect.yieldNow, { times: turns })
  switch (will) {
    case "sign in": {
      const got = yield* outcome(signIn(credentials, somebody), handedOut)
      return { did: will, password, session, got } satisfies Step
    }
    case "sign in with a cookie": {
      const got = yield* outcome(signInWithCookie(credentials, secretOf(cookie), somebody), (opened) => {
        session = opened.session.id
        return Redacted.value(opened.secret)
      })
      return { did: will, password, previous: cookie, session, got } satisfies Step
    }
    case "refresh":
      return {
        did: will,
        token,
        got: yield* outcome(refresh(Redacted.make(token), somebody), handedOut)
      } satisfies Step
    case "use the cookie":
      return { did: will, cookie, got: yield* outcome(recognize(secretOf(cookie)), () => "recognized") } satisfies Step
    case "change the password": {
      const next = otherThan(password)
      const change = { current: credentials.password, next: Redacted.make(next), secret: secretOf(cookie) }
      const changed = Effect.flatMap(recognize(change.secret), (caller) => changePassword(caller, change, somebody))
      const got = yield* outcome(changed, (secret) => (secret === undefined ? "nothing" : Redacted.value(secret)))
      return { did: will, cookie, password, next, got } satisfies Step
    }
    case "sign out":
      yield* signOut({ refreshToken: Redacted.make(token) }, somebody)
      return { did: will, token } satisfies Step
    case "sign out with the cookie":
      yield* signOut({ cookie: secretOf(cookie) }, somebody)
      return { did: will, cookie } satisfies Step
    case "sign out everywhere":
      yield* closeAll(world.ada, "signed-out", somebody)
      return { did: will } satisfies Step
    case "delete":
      return { did: will, got: yield* outcome(deleteUser(world.root, world.ada, somebody), done) } satisfies Step
    case "disable":
    case "enable": {
      const ruled = setDisabled(world.root, world.ada, will === "disable", somebody)
      return { did: will, got: yield* outcome(ruled, done) } satisfies Step
    }
  }
})

/**
 * What is in the database, without the tokens' strings, which it does not hold. When what is closed would have ended is no matter,
 * nor what is over of used tokens: that is swept up some time.
 */
const kept = Effect.gen(function* () {
  const now = yield* Clock.currentTimeMillis
  const { read } = yield* Database
  const sessions = yield* read((tables) => tables.selectFrom("session").selectAll().orderBy("id").execute())
  const tokens = yield* read((tables) => tables.selectFrom("refresh_token").selectAll().execute())
  return sessions.map(({ id, kind, created_at, expires_at, close_reason, secret_hash }) => ({
    id,
    kind,
    createdAt: created_at,
    expiresAt: close_reason === null ? expires_at : 0,
    closed: close_reason,
    known: secret_hash,
    consumed: tokens
      .filter((each) => each.session_id === id && (each.consumed_at === null || each.expires_at > now))
      .map(({ consumed_at }) => consumed_at ?? Number.POSITIVE_INFINITY)
      .toSorted((one, other) => one - other)
  }))
})

const asKept =
  (now: number) =>
  ({ id, createdAt, expiresAt, closed, tokens, cookie }: ModelSession) => ({
    id,
    kind: cookie === null ? "token" : "cookie",
    createdAt,
    expiresAt: closed === null ? expiresAt : 0,
    closed,
    known: cookie === null ? null : secretHash(secretOf(cookie.secret)),
    consumed: tokens
      .filter((each) => each.consumedAt === null || each.expiresAt > now)
      .map(({ consumedAt }) => consumedAt ?? Number.POSITIVE_INFINITY)
  })

/** A user who is gone takes the sessions along. */
const stateOf = ({ sessions, user }: Model, now: number) =>
  JSON.stringify(
    user === "deleted" ? [] : sessions.map(asKept(now)).toSorted((one, other) => (one.id < other.id ? -1 : 1))
  )

const play = Effect.fnUntraced(function* (rounds: ReadonlyArray<{ seconds: number; intents: ReadonlyArray<Intent> }>) {
  const password = Redacted.make(PASSWORDS[0])
  const first = yield* register({ email, password, name: null }, somebody)
  const rootUser = yield* createUser({ email: Email.make("root@example.com"), password, role: admin.name }, somebody)
  const token = Redacted.value(first.refreshToken)
  const world: World = {
    ada: first.user.id,
    root: { user: rootUser, sessionId: SessionId.make("sess_ffffffffffffffff"), kind: "token", grants: ["*"] },
    tokens: [token],
    cookies: [],
    accessTokens: [{ session: first.sessionId, token: first.accessToken }]
  }
  const opening: Step = { did: "sign in", password: PASSWORDS[0], session: first.sessionId, got: token }
  const nobody: Model = { sessions: [], user: "enabled", password: PASSWORDS[0] }
  let possible = explanations([nobody], [opening], yield* Clock.currentTimeMillis, rules)

  for (const { seconds, intents } of rounds) {
    yield* TestClock.adjust(Duration.seconds(seconds))
    const now = yield* Clock.currentTimeMillis
    const current = possible[0]?.password ?? PASSWORDS[0]
    const steps = yield* Effect.forEach(intents, (each) => carryOut(each, world, current), { concurrency: "unbounded" })
    const state = JSON.stringify(yield* kept)
    possible = explanations(possible, steps, now, rules).filter((model) => stateOf(model, now) === state)
    assert.isNotEmpty(possible, `no order of these steps explains them: ${JSON.stringify(steps)}, leaving ${state}`)

    const [model = nobody] = possible
    for (const { tokens, cookie } of model.sessions) {
      for (const { value } of tokens) if (!world.tokens.includes(value)) world.tokens.push(value)
      if (cookie !== null && !world.cookies.includes(cookie.secret)) world.cookies.push(cookie.secret)
    }
    yield* holds(model, world, now)
  }
})

/** What must be true at all times. */
const holds = Effect.fnUntraced(function* ({ sessions: modelled, user }: Model, world: World, now: number) {
  const sessions = yield* kept
  const live = sessions.filter(({ closed, expiresAt }) => closed === null && expiresAt > now)
  assert.isAtMost(live.length, AT_MOST, "the cap holds")
  if (user !== "enabled") assert.isEmpty(live, "nobody who is shut out has a session")
  for (const { id, kind, createdAt, expiresAt, consumed } of sessions) {
    const leaves = consumed.filter((at) => at === Number.POSITIVE_INFINITY).length
    assert.strictEqual(leaves, kind === "token" ? 1 : 0, "one live token a family")
    if (kind === "cookie") assert.isAtMost(expiresAt, createdAt + rules.max, `${id} never slides past its absolute end`)
  }
  for (const { id, closed } of modelled) {
    assert.strictEqual(
      yield* isRevoked(SessionId.make(id)),
      closed !== null,
      "revoked when closed, and only then, for good"
    )
  }
  const closed = new Set(modelled.filter((each) => each.closed !== null).map(({ id }) => id))
  for (const { session, token } of world.accessTokens) {
    const accepted = Result.isSuccess(yield* Effect.result(authenticate(token)))
    assert.isFalse(accepted && (closed.has(session) || user !== "enabled"), "what is closed is refused")
  }
})

describe.each([
  ["in memory", inMemory, 150],
  ["in a file", inFile, 20],
  ["on PostgreSQL", onPostgres, 20]
] as const)("sessions of both kinds, over a database %s", (_where, database, numRuns) => {
  it.live(
    "do what the rules say, one after the other in some order, however many act at once",
    () =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 8 }), (rounds) => {
            const layer = Layer.mergeAll(
              over(database),
              Layer.succeed(SessionSettings, { ...sessionSettings, ...lifetime, atMost: AT_MOST }),
              Layer.succeed(TokenSettings, settings),
              unlimited
            ).pipe(Layer.provideMerge(TestClock.layer()))
            return Effect.runPromise(Effect.provide(play(rounds), layer))
          }),
          { numRuns }
        )
      ),
    180_000
  )
})
