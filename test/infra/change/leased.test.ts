import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Exit, Fiber, Layer, Option, Redacted, Scope } from "effect"
import { TestClock } from "effect/testing"
import { operator } from "../../../src/domain/access/Role.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { PasswordHash } from "../../../src/domain/identity/PasswordHasher.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { UnitOfWork } from "../../../src/domain/storage/UnitOfWork.ts"
import { TokenStorage } from "../../../src/domain/token/TokenStorage.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import * as Messenger from "../../../src/infra/change/Messenger.ts"
import { instanceOn } from "../../support/database.ts"
import { newDatabase } from "../../support/postgres/databases.ts"
import { onRedis } from "../../support/redis/onRedis.ts"

const ada = new User({
  id: UserId.make("ada"),
  email: Email.make("ada@example.com"),
  name: null,
  roles: [],
  disabled: false,
  createdAt: DateTime.makeUnsafe("2026-11-21T10:00:00Z"),
  lastLoginAt: null
})
const minute = Duration.minutes(1)
const nothing = PasswordHash.make(Redacted.make("secret"))

/** Starts an instance beside others, in a scope of its own: `end` ends it as a service ends that is told to. */
const start = Effect.fnUntraced(function* (url: Redacted.Redacted<string>, others = 0, messenger = Messenger.none) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Scope.close(made, Exit.void))
  const services = yield* Layer.buildWithScope(instanceOn(url, messenger), scope)
  const tokens = Context.get(services, TokenStorage)
  const database = Context.get(services, Database)
  const present = database.read((tables) => tables.selectFrom("instance").select("id").execute())
  yield* Effect.repeat(present, { until: (rows) => rows.length > others })
  return {
    users: Context.get(services, UserRepository),
    unit: Context.get(services, UnitOfWork),
    tokens,
    database,
    end: Scope.close(scope, Exit.void)
  }
})

/** Does something for which the time has to go on; how many milliseconds it did. */
const within = Effect.fnUntraced(function* <A, E>(time: Duration.Input, effect: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(effect)
  let passed = 0
  while (fiber.pollUnsafe() === undefined && passed < Duration.toMillis(time)) {
    yield* TestClock.adjust("50 millis")
    passed += 50
    yield* TestClock.withLive(Effect.sleep("5 millis"))
  }
  return { answer: yield* Fiber.join(fiber), passed }
})

const accepted = (tokens: TokenStorage["Service"], key: string) => Effect.map(tokens.get(key), Option.isNone)

describe("instances on one PostgreSQL database", () => {
  it.effect("a lone one waits for nobody", () =>
    Effect.gen(function* () {
      const only = yield* start(yield* newDatabase)
      // No time passes at all.
      yield* only.tokens.store("a", "revoked", minute)
      assert.isFalse(yield* accepted(only.tokens, "a"))
    })
  )

  it.effect("acknowledge what was taken away when no other goes by the old any more", () =>
    Effect.gen(function* () {
      const url = yield* newDatabase
      const [here, there] = [yield* start(url), yield* start(url, 1)]
      yield* here.users.create(ada, nothing)
      for (let round = 0; round < 10; round += 1) {
        const key = `session ${round}`
        assert.isTrue(yield* accepted(there.tokens, key))
        yield* within("1 minute", here.tokens.store(key, "revoked", minute))
        assert.isFalse(yield* accepted(there.tokens, key))
        assert.isFalse(yield* accepted(here.tokens, key))
      }
      yield* there.users.findById(ada.id)
      yield* within("1 minute", here.users.grant(ada.id, operator.name))
      const found: ReadonlyArray<string> = Option.getOrThrow(yield* there.users.findById(ada.id)).roles
      assert.deepStrictEqual(found, ["operator"])
    })
  )

  it.effect("wait for nobody when nothing was taken away", () =>
    Effect.gen(function* () {
      const url = yield* newDatabase
      const [here, there] = [yield* start(url), yield* start(url, 1)]
      yield* here.users.create(ada, nothing)
      yield* there.users.findById(ada.id)
      yield* here.users.signedIn(ada.id, ada.createdAt)
      // It comes to be known all the same.
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(Option.getOrThrow(yield* there.users.findById(ada.id)).lastLoginAt, ada.createdAt)
    })
  )

  it.effect("wait after the commit, not in it: others get on with the database meanwhile", () =>
    Effect.gen(function* () {
      const url = yield* newDatabase
      const [here, there] = [yield* start(url), yield* start(url, 1)]
      const waiting = yield* Effect.forkChild(here.tokens.store("a", "revoked", minute))
      const committed = there.database.read((tables) =>
        tables.selectFrom("token_entry").select("key").where("key", "=", "a").execute()
      )
      yield* Effect.repeat(committed, { until: (rows) => rows.length > 0 })
      yield* there.users.create(ada, nothing)
      yield* there.users.signedIn(ada.id, ada.createdAt)
      assert.isUndefined(waiting.pollUnsafe())
      yield* within("1 minute", Fiber.join(waiting))
    })
  )

  it.effect("wait for nobody who has left", () =>
    Effect.gen(function* () {
      const url = yield* newDatabase
      const [here, there] = [yield* start(url), yield* start(url, 1)]
      yield* there.end
      yield* here.tokens.store("a", "revoked", minute)
    })
  )

  it.effect("remove one that no longer shows itself, and no longer wait for it", () =>
    Effect.gen(function* () {
      const here = yield* start(yield* newDatabase)
      yield* here.database.run((tables) => tables.insertInto("instance").values({ id: "dead", beats: 7 }).execute())
      const { passed } = yield* within("1 minute", here.tokens.store("a", "revoked", minute))
      assert.isAtLeast(passed, 550)
      const present = here.database.read((tables) => tables.selectFrom("instance").select("id").execute())
      yield* within("10 minutes", Effect.repeat(present, { until: (rows) => rows.length === 1 }))
      yield* here.tokens.store("b", "revoked", minute)
    })
  )

  it.effect("enter the table again when they were removed while they slept", () =>
    Effect.gen(function* () {
      const here = yield* start(yield* newDatabase)
      yield* here.database.run((tables) => tables.deleteFrom("instance").execute())
      const present = here.database.read((tables) => tables.selectFrom("instance").select("id").execute())
      yield* within("1 minute", Effect.repeat(present, { until: (rows) => rows.length === 1 }))
    })
  )

  it.effect("have not to wait for the end of a lease where word reaches the others", () =>
    Effect.gen(function* () {
      const url = yield* newDatabase
      const byRedis = Layer.fresh(Layer.provide(Messenger.onRedis, onRedis))
      const [here, there] = [yield* start(url, 0, byRedis), yield* start(url, 1, byRedis)]
      yield* here.users.create(ada, nothing)
      yield* there.users.findById(ada.id)
      // No time passes at all.
      for (let round = 0; round < 20; round += 1) {
        const key = `session ${round}`
        assert.isTrue(yield* accepted(there.tokens, key))
        yield* here.tokens.store(key, "revoked", minute)
        assert.isFalse(yield* accepted(there.tokens, key))
      }
      yield* here.users.grant(ada.id, operator.name)
      const found: ReadonlyArray<string> = Option.getOrThrow(yield* there.users.findById(ada.id)).roles
      assert.deepStrictEqual(found, ["operator"])
    })
  )

  it.effect("wait for the end of the lease of one that word does not reach", () =>
    Effect.gen(function* () {
      const url = yield* newDatabase
      const byRedis = Layer.fresh(Layer.provide(Messenger.onRedis, onRedis))
      const [here, there, deaf] = [yield* start(url, 0, byRedis), yield* start(url, 1, byRedis), yield* start(url, 2)]
      const { passed } = yield* within("1 minute", here.tokens.store("a", "revoked", minute))
      assert.isAtLeast(passed, 550)
      for (const { tokens } of [here, there, deaf]) assert.isFalse(yield* accepted(tokens, "a"))
    })
  )
})
