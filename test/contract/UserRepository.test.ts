import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Latch, Layer, Option, Redacted } from "effect"
import { admin, operator, viewer } from "../../src/domain/access/Role.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { PasswordHash } from "../../src/domain/identity/PasswordHasher.ts"
import { DisplayName, User, UserId } from "../../src/domain/identity/User.ts"
import { EmailTaken, UserRepository } from "../../src/domain/identity/UserRepository.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { databases, ports } from "../support/database.ts"

const hash = (text: string) => PasswordHash.make(Redacted.make(text))
const created = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")

const user = (fields: Partial<ConstructorParameters<typeof User>[0]> = {}) =>
  new User({
    id: UserId.make("ada"),
    email: Email.make("Ada@Example.com"),
    name: DisplayName.make("Ada Lovelace"),
    roles: [viewer.name],
    disabled: false,
    createdAt: created,
    lastLoginAt: null,
    ...fields
  })

describe.each(databases)("UserRepository over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(ports, database)

  it.effect.each([
    user(),
    user({ name: null, roles: [] }),
    user({ disabled: true, lastLoginAt: created, roles: [admin.name, viewer.name] })
  ])("gives back the user that was created %#", (expected) =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(expected, hash("secret"))
      assert.deepStrictEqual(yield* users.findById(expected.id), Option.some(expected))
      const account = Option.getOrThrow(yield* users.findAccount(expected.email))
      assert.deepStrictEqual(account.user, expected)
      assert.strictEqual(Redacted.value(account.passwordHash), "secret")
    }).pipe(Effect.provide(layer))
  )

  it.effect("holds a user for a unit of work: nobody takes them away before it ends", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const { transaction } = yield* UnitOfWork
      const { id } = user()
      yield* users.create(user(), hash("secret"))
      const isHeld = yield* Latch.make()
      const found = yield* Effect.all(
        [
          transaction(
            Effect.gen(function* () {
              assert.deepStrictEqual(yield* users.hold(id), Option.some(user()))
              yield* isHeld.open
              // Time enough for a removal that waits for nothing.
              return yield* Effect.replicateEffect(users.findById(id), 20)
            })
          ),
          Effect.andThen(isHeld.await, users.remove(id))
        ],
        { concurrency: "unbounded" }
      )
      assert.isTrue(found[0].every(Option.isSome))
      assert.deepStrictEqual(yield* users.hold(id), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("finds nobody who is not there", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      assert.deepStrictEqual(yield* users.findById(UserId.make("nobody")), Option.none())
      assert.deepStrictEqual(yield* users.findAccount(Email.make("nobody@example.com")), Option.none())
    }).pipe(Effect.provide(layer))
  )

  it.effect("compares addresses without case and in any composition, and keeps them as written", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user({ email: Email.make("Jos\u00e9@Example.com") }), hash("secret"))
      const account = yield* users.findAccount(Email.make("JOSE\u0301@example.COM"))
      assert.strictEqual(Option.getOrThrow(account).user.email, "Jos\u00e9@Example.com")
    }).pipe(Effect.provide(layer))
  )

  it.effect("refuses a second account for an address, and keeps nothing of it", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user(), hash("secret"))
      const second = user({ id: UserId.make("eve"), email: Email.make("ADA@example.com"), roles: [admin.name] })
      assert.deepStrictEqual(yield* Effect.flip(users.create(second, hash("other"))), new EmailTaken())
      assert.deepStrictEqual(yield* users.findById(second.id), Option.none())
      assert.deepStrictEqual(yield* users.findById(UserId.make("ada")), Option.some(user()))
    }).pipe(Effect.provide(layer))
  )

  it.effect("gives an address to one of many who ask for it at once", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const exits = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, index) => user({ id: UserId.make(`user ${index}`) })),
        (candidate) => Effect.exit(users.create(candidate, hash("secret"))),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(exits.filter(Exit.isSuccess).length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes a second user under one id for a mistake, not for a taken address", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user(), hash("secret"))
      const exit = yield* Effect.exit(users.create(user({ email: Email.make("b@example.com") }), hash("secret")))
      assert.isTrue(Exit.hasDies(exit))
    }).pipe(Effect.provide(layer))
  )

  it.effect("remembers the last sign-in", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const later = DateTime.add(created, { days: 1 })
      yield* users.create(user(), hash("secret"))
      yield* users.signedIn(UserId.make("ada"), later)
      assert.deepStrictEqual(yield* users.findById(UserId.make("ada")), Option.some(user({ lastLoginAt: later })))
    }).pipe(Effect.provide(layer))
  )

  it.effect("replaces a password hash only while it is the one that was read", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user(), hash("old"))
      assert.isTrue(yield* users.rehashed(UserId.make("ada"), hash("old"), hash("new")))
      assert.isFalse(yield* users.rehashed(UserId.make("ada"), hash("old"), hash("from a stale sign-in")))
      const account = Option.getOrThrow(yield* users.findAccount(user().email))
      assert.strictEqual(Redacted.value(account.passwordHash), "new")
    }).pipe(Effect.provide(layer))
  )

  it.effect("replaces a password hash for one of many who try at once", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user(), hash("old"))
      const results = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => hash(`new ${index}`)),
        (next) => users.rehashed(UserId.make("ada"), hash("old"), next),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(results.filter((isReplaced) => isReplaced).length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("changes a name, and whether somebody is disabled", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const { id } = user()
      yield* users.create(user(), hash("secret"))
      assert.isTrue(yield* users.rename(id, null))
      yield* users.setDisabled(id, true)
      assert.deepStrictEqual(yield* users.findById(id), Option.some(user({ name: null, disabled: true })))
      yield* users.setDisabled(id, false)
      assert.isTrue(yield* users.rename(id, user().name))
      assert.deepStrictEqual(yield* users.findById(id), Option.some(user()))
      assert.isFalse(yield* users.rename(UserId.make("nobody"), null))
    }).pipe(Effect.provide(layer))
  )

  it.effect("replaces roles, all of them and nobody else's", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const bob = user({ id: UserId.make("bob"), email: Email.make("bob@example.com") })
      yield* users.create(user(), hash("secret"))
      yield* users.create(bob, hash("secret"))
      yield* users.setRoles(user().id, [admin.name, operator.name])
      assert.deepStrictEqual(
        Option.map(yield* users.findById(user().id), ({ roles }) => roles),
        Option.some([admin.name, operator.name])
      )
      yield* users.setRoles(user().id, [])
      assert.deepStrictEqual(yield* users.findById(user().id), Option.some(user({ roles: [] })))
      assert.deepStrictEqual(yield* users.findById(bob.id), Option.some(bob))
    }).pipe(Effect.provide(layer))
  )

  it.effect("knows whether anybody has a role, and whether anybody who is enabled has one of several", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user({ roles: [admin.name, viewer.name] }), hash("secret"))
      assert.deepStrictEqual([yield* users.isAnyWith(admin.name), yield* users.isAnyWith(operator.name)], [true, false])
      assert.isTrue(yield* users.isAnyEnabledWith([operator.name, admin.name]))
      assert.isFalse(yield* users.isAnyEnabledWith([operator.name]))
      assert.isFalse(yield* users.isAnyEnabledWith([]))
      yield* users.setDisabled(user().id, true)
      assert.isTrue(yield* users.isAnyWith(admin.name))
      assert.isFalse(yield* users.isAnyEnabledWith([admin.name]))
    }).pipe(Effect.provide(layer))
  )

  it.effect("removes a user with all that is theirs, and minds nobody who is not there", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      yield* users.create(user({ roles: [admin.name] }), hash("secret"))
      yield* users.remove(UserId.make("nobody"))
      yield* users.remove(user().id)
      assert.deepStrictEqual(yield* users.findById(user().id), Option.none())
      assert.isFalse(yield* users.isAnyWith(admin.name))
    }).pipe(Effect.provide(layer))
  )

  it.effect("finds users by part of an address or a name, in any case, letter by letter", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const people = [
        ["José@Example.com", "Pepe"],
        ["a_b@example.com", "100% Ada"],
        ["ab@example.org", null]
      ] as const
      for (const [email, name] of people) {
        const named = { name: name === null ? null : DisplayName.make(name) }
        yield* users.create(user({ id: UserId.make(email), email: Email.make(email), ...named }), hash("secret"))
      }
      for (const [query, found] of [
        ["JOSÉ", [0]],
        ["jose\u0301@", [0]],
        ["pepe", [0]],
        ["a_b", [1]],
        ["0% a", [1]],
        ["AB@", [2]],
        ["EXAMPLE", [1, 2, 0]],
        ["' or 1=1 --", []]
      ] as const) {
        const page = yield* users.page({ limit: 10, query })
        const emails = page.map(({ email }) => email)
        assert.deepStrictEqual(
          emails,
          found.map((at) => Email.make(people[at][0])),
          query
        )
      }
    }).pipe(Effect.provide(layer))
  )

  it.effect("goes on in the order of addresses where a page ended", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const emails = ["C@x.org", "a@x.org", "B@x.org"].map((email) => Email.make(email))
      for (const email of emails) yield* users.create(user({ id: UserId.make(email), email }), hash("secret"))
      const page = (after: string, query?: string) =>
        Effect.map(users.page({ limit: 2, after: Email.make(after), ...(query !== undefined && { query }) }), (found) =>
          found.map(({ email }) => email)
        )
      assert.deepStrictEqual(
        yield* page("A@x.org"),
        ["B@x.org", "C@x.org"].map((email) => Email.make(email))
      )
      assert.deepStrictEqual(yield* page("b@x.org"), [Email.make("C@x.org")])
      assert.deepStrictEqual(yield* page("a@x.org", "c@"), [Email.make("C@x.org")])
      assert.deepStrictEqual(yield* page("c@x.org"), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is part of the unit of work it is used in", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const unit = yield* UnitOfWork
      const seen = yield* unit
        .transaction(
          Effect.gen(function* () {
            yield* users.create(user(), hash("secret"))
            return yield* Effect.fail(yield* users.findById(UserId.make("ada")))
          })
        )
        .pipe(Effect.flip)
      assert.deepStrictEqual(seen, Option.some(user()))
      assert.deepStrictEqual(yield* users.findById(UserId.make("ada")), Option.none())
    }).pipe(Effect.provide(layer))
  )
})
