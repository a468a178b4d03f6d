import { assert, describe, it } from "@effect/vitest"
import { fc } from "@fast-check/vitest"
import { DateTime, Effect, type Layer, Option, Redacted, Result } from "effect"
import { assignRoles } from "../../src/domain/access/assignRoles.ts"
import { grantsOf } from "../../src/domain/access/authorize.ts"
import { definedRoles } from "../../src/domain/access/definedRoles.ts"
import { defineRole } from "../../src/domain/access/defineRole.ts"
import type { Grant } from "../../src/domain/access/Permission.ts"
import type { Principal } from "../../src/domain/access/Principal.ts"
import { removeRole } from "../../src/domain/access/removeRole.ts"
import { admin, RoleName, viewer } from "../../src/domain/access/Role.ts"
import { createUser } from "../../src/domain/identity/createUser.ts"
import { deleteOwn, deleteUser } from "../../src/domain/identity/deleteUser.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { setDisabled } from "../../src/domain/identity/setDisabled.ts"
import { UserRepository } from "../../src/domain/identity/UserRepository.ts"
import { open } from "../../src/domain/session/open.ts"
import { SessionId } from "../../src/domain/session/Session.ts"
import { databases } from "../support/database.ts"
import { over, somebody, useCases } from "../support/useCases.ts"

const password = Redacted.make("correct horse battery staple")
const parallel = { concurrency: "unbounded" } as const
const keeper = RoleName.make("keeper")

const sessionOf = ({ id }: Principal["user"]) => SessionId.make(`sess_${id.replaceAll("-", "").slice(-16)}`)

/** Somebody with a session. */
const created = Effect.fnUntraced(function* (email: string, role: RoleName) {
  const user = yield* createUser({ email: Email.make(email), password, role }, somebody)
  const createdAt = yield* DateTime.now
  const expiresAt = DateTime.add(createdAt, { hours: 1 })
  yield* open({ id: sessionOf(user), kind: "token", userId: user.id, client: somebody, createdAt, expiresAt })
  return user
})

/** Somebody as they were when their request was let in, whatever has become of them since. */
const asCaller = (user: Principal["user"]): Principal => ({
  user,
  sessionId: sessionOf(user),
  kind: "token",
  grants: ["*"]
})

const administrators = Effect.gen(function* () {
  const users = yield* UserRepository
  const roles = yield* definedRoles
  const all = yield* users.page({ limit: 1000 })
  return all.filter((user) => !user.disabled && grantsOf(user.roles, roles).includes("*"))
})

type Attempt = Effect.Effect<string, never, Layer.Success<typeof useCases>>

/** How it ended: as a success, or with which error. */
const attempt = <E extends { readonly _tag: string }>(
  effect: Effect.Effect<unknown, E, Layer.Success<typeof useCases>>
): Attempt =>
  Effect.map(Effect.result(effect), (result) => (Result.isSuccess(result) ? "success" : result.failure._tag))

describe.each(databases)("administration over a database %s", (_where, database) => {
  const layer = over(database)

  const attempts = (one: Principal["user"], other: Principal["user"]) => [
    attempt(assignRoles(asCaller(one), other.id, [viewer.name], somebody)),
    attempt(setDisabled(asCaller(one), other.id, true, somebody)),
    attempt(deleteUser(asCaller(one), other.id, somebody)),
    attempt(deleteOwn(asCaller(one), password, somebody))
  ]

  it.effect.each([0, 1, 2, 3])("of two administrators who end each other at once, one remains %#", (way) =>
    Effect.gen(function* () {
      const [ada, bob] = [yield* created("ada@example.com", admin.name), yield* created("bob@example.com", admin.name)]
      const ends = [attempts(ada, bob)[way], attempts(bob, ada)[way]]
      const results = yield* Effect.forEach(ends, (each) => each ?? Effect.die("no such way"), parallel)
      assert.strictEqual(results.filter((tag) => tag === "success").length, 1)
      assert.strictEqual((yield* administrators).length, 1)
      const loser = results.find((tag) => tag !== "success")
      assert.include(["Forbidden", "LastAdministrator", "TokenRevoked"], loser)
    }).pipe(Effect.provide(layer))
  )

  it.effect("the last administrator is nobody's to end, nor their own, nor by the role that makes them one", () =>
    Effect.gen(function* () {
      const ada = yield* created("ada@example.com", admin.name)
      const caller = asCaller(ada)
      yield* defineRole(caller, keeper, ["*"], somebody)
      yield* created("eve@example.com", viewer.name)
      const bob = yield* created("bob@example.com", keeper)
      yield* deleteUser(asCaller(bob), ada.id, somebody)
      const ends = [
        ...attempts(bob, bob),
        attempt(assignRoles(asCaller(bob), bob.id, [], somebody)),
        attempt(defineRole(asCaller(bob), keeper, ["user:read"], somebody))
      ]
      for (const end of ends) assert.strictEqual(yield* end, "LastAdministrator")
      assert.strictEqual(yield* attempt(removeRole(asCaller(bob), keeper, somebody)), "RoleInUse")
      assert.deepStrictEqual(
        (yield* administrators).map(({ id }) => id),
        [bob.id]
      )
    }).pipe(Effect.provide(layer))
  )

  it.effect("nobody is kept who never was an administrator, where there is none", () =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const eve = yield* created("eve@example.com", viewer.name)
      yield* deleteOwn(asCaller(eve), password, somebody)
      assert.isTrue(Option.isNone(yield* users.findById(eve.id)))
    }).pipe(Effect.provide(layer))
  )

  it.effect("a role is not removed while somebody is given it, and given to nobody once it is removed", () =>
    Effect.gen(function* () {
      const root = asCaller(yield* created("root@example.com", admin.name))
      const ada = yield* created("ada@example.com", viewer.name)
      yield* defineRole(root, keeper, ["registry:credential"], somebody)
      const [given, removed] = yield* Effect.all(
        [attempt(assignRoles(root, ada.id, [keeper], somebody)), attempt(removeRole(root, keeper, somebody))],
        parallel
      )
      assert.deepInclude(
        [
          ["success", "RoleInUse"],
          ["RolesUnknown", "success"]
        ],
        [given, removed]
      )
    }).pipe(Effect.provide(layer))
  )
})

/** What one of three people tries with another or with a role. */
const intent = fc.record({
  will: fc.constantFrom("assign", "disable", "enable", "delete", "leave", "define", "remove"),
  who: fc.nat({ max: 2 }),
  whom: fc.nat({ max: 2 }),
  roles: fc.subarray([admin.name, viewer.name, keeper]),
  grants: fc.subarray<Grant>(["*", "role:assign", "role:write", "user:write", "event:read"])
})
type Intent = typeof intent extends fc.Arbitrary<infer A> ? A : never

const carryOut = (people: ReadonlyArray<Principal["user"]>, { will, who, whom, roles, grants }: Intent): Attempt => {
  const [actor, target] = [people[who], people[whom]]
  if (actor === undefined || target === undefined) return Effect.die("nobody")
  const caller = asCaller(actor)
  switch (will) {
    case "assign":
      return attempt(assignRoles(caller, target.id, roles, somebody))
    case "disable":
      return attempt(setDisabled(caller, target.id, true, somebody))
    case "enable":
      return attempt(setDisabled(caller, target.id, false, somebody))
    case "delete":
      return attempt(deleteUser(caller, target.id, somebody))
    case "leave":
      return attempt(deleteOwn(caller, password, somebody))
    case "define":
      return attempt(defineRole(caller, keeper, grants, somebody))
    case "remove":
      return attempt(removeRole(caller, keeper, somebody))
  }
}

describe("whatever administrators do, many at once", () => {
  it.live("there is one afterwards, and everybody's roles exist", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(intent, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
          (rounds) =>
            Effect.gen(function* () {
              const people = [
                yield* created("ada@example.com", admin.name),
                yield* created("bob@example.com", admin.name),
                yield* created("eve@example.com", viewer.name)
              ]
              for (const round of rounds) {
                yield* Effect.forEach(round, (each) => carryOut(people, each), parallel)
                assert.isNotEmpty(yield* administrators)
                const defined = (yield* definedRoles).map(({ name }) => name)
                const users = yield* UserRepository
                for (const user of yield* users.page({ limit: 10 })) assert.includeMembers(defined, [...user.roles])
              }
            }).pipe(Effect.provide(useCases), Effect.runPromise)
        ),
        { numRuns: 100 }
      )
    )
  )
})
