import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Layer, Option, Redacted } from "effect"
import { operator } from "../../../src/domain/access/Role.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { PasswordHash } from "../../../src/domain/identity/PasswordHasher.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { UserRepository } from "../../../src/domain/identity/UserRepository.ts"
import { UnitOfWork } from "../../../src/domain/storage/UnitOfWork.ts"
import { TokenStorage } from "../../../src/domain/token/TokenStorage.ts"
import type { Audience } from "../../../src/infra/change/Audience.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import type { DatabaseUnusable } from "../../../src/infra/database/DatabaseUnusable.ts"
import { inSharedFile, onSharedPostgres, ports } from "../../support/database.ts"

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

/** Two processes, as far as the database can tell: each with connections and a memory of its own. */
const on = Effect.fnUntraced(function* <E, R>(
  shared: Effect.Effect<Layer.Layer<Audience | Database, DatabaseUnusable>, E, R>
) {
  const database = yield* shared
  const start = Effect.map(Layer.build(Layer.fresh(Layer.provideMerge(ports, database))), (services) => ({
    users: Context.get(services, UserRepository),
    tokens: Context.get(services, TokenStorage),
    unit: Context.get(services, UnitOfWork),
    database: Context.get(services, Database)
  }))
  return { here: yield* start, there: yield* start }
})

const nothing = PasswordHash.make(Redacted.make("secret"))

const rolesOf = (users: UserRepository["Service"]) =>
  Effect.map(users.findById(ada.id), (found): ReadonlyArray<string> => Option.getOrThrow(found).roles)

describe.each([
  ["a file", inSharedFile],
  ["PostgreSQL", onSharedPostgres]
])("what one process remembers and another changes, over %s", (_where, shared) => {
  const two = on(shared)

  it.effect("is new at once: a user", () =>
    Effect.gen(function* () {
      const { here, there } = yield* two
      yield* here.users.create(ada, nothing)
      assert.deepStrictEqual(yield* rolesOf(here.users), [])
      yield* there.users.grant(ada.id, operator.name)
      assert.deepStrictEqual(yield* rolesOf(here.users), ["operator"])
    })
  )

  it.effect("is new at once: a token's entry", () =>
    Effect.gen(function* () {
      const { here, there } = yield* two
      for (let count = 0; count < 20; count++) {
        assert.isTrue(Option.isNone(yield* here.tokens.get(`${count}`)))
        yield* there.tokens.store(`${count}`, "revoked", minute)
        assert.isTrue(Option.isSome(yield* here.tokens.get(`${count}`)))
      }
    })
  )

  it.effect("is new at once: what many units change at the same time, in whatever order they commit", () =>
    Effect.gen(function* () {
      const { here, there } = yield* two
      const story = Effect.fnUntraced(function* (name: string) {
        yield* there.unit.transaction(
          Effect.gen(function* () {
            for (const key of [`${name} a`, `${name} b`]) {
              yield* there.tokens.store(key, "revoked", minute)
              yield* Effect.yieldNow
            }
          })
        )
        assert.isTrue(Option.isSome(yield* here.tokens.get(`${name} a`)), name)
        assert.isTrue(Option.isSome(yield* here.tokens.get(`${name} b`)), name)
      })
      const names = Array.from({ length: 100 }, (_, index) => `${index}`)
      yield* Effect.forEach(names, story, { concurrency: 10, discard: true })
    })
  )

  it.effect("is new inside a unit of work for itself, and for others only when it is committed", () =>
    Effect.gen(function* () {
      const { here } = yield* two
      yield* here.users.create(ada, nothing)
      yield* rolesOf(here.users)
      const undone = here.unit.transaction(
        Effect.gen(function* () {
          yield* here.users.grant(ada.id, operator.name)
          assert.deepStrictEqual(yield* rolesOf(here.users), ["operator"])
          return yield* Effect.fail("undone" as const)
        })
      )
      assert.strictEqual(yield* Effect.flip(undone), "undone")
      assert.deepStrictEqual(yield* rolesOf(here.users), [])
      yield* here.users.grant(ada.id, operator.name)
      assert.deepStrictEqual(yield* rolesOf(here.users), ["operator"])
    })
  )

  it.effect("is forgotten as a whole when changes were removed before they were seen", () =>
    Effect.gen(function* () {
      const { here, there } = yield* two
      yield* here.users.create(ada, nothing)
      yield* rolesOf(here.users)
      yield* there.users.grant(ada.id, operator.name)
      yield* there.tokens.store("a", "revoked", minute)
      yield* there.users.signedIn(ada.id, ada.createdAt)
      yield* there.database.run((tables) => tables.deleteFrom("change").where("kind", "!=", "user").execute())
      yield* there.database.run((tables) => tables.deleteFrom("change").where("seq", "<", 3).execute())
      assert.deepStrictEqual(yield* rolesOf(here.users), ["operator"])
      assert.isTrue(Option.isSome(yield* here.tokens.get("a")))
    })
  )

  it.effect("is loaded at the start: what was stored before", () =>
    Effect.gen(function* () {
      const layer = Layer.fresh(Layer.provideMerge(ports, yield* shared))
      yield* Effect.provide(
        Effect.flatMap(TokenStorage, (tokens) => tokens.store("a", "revoked", minute)),
        layer
      )
      const again = yield* Effect.provide(
        Effect.flatMap(TokenStorage, (tokens) => tokens.get("a")),
        layer
      )
      assert.deepStrictEqual(again, Option.some("revoked"))
    })
  )
})
