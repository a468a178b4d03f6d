import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { Permission } from "../../src/domain/access/Permission.ts"
import { Role, RoleName } from "../../src/domain/access/Role.ts"
import { RoleRepository } from "../../src/domain/access/RoleRepository.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { databases, ports } from "../support/database.ts"

const auditor = RoleName.make("auditor")
const clerk = RoleName.make("clerk")
const role = (name: RoleName, permissions: Role["permissions"]) => new Role({ name, permissions, builtIn: false })

describe.each(databases)("RoleRepository over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(ports, database)

  it.effect("gives back what was defined, in the order of the names", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      assert.deepStrictEqual(yield* roles.all, [])
      yield* roles.define(clerk, [])
      yield* roles.define(auditor, ["*", ...Permission.literals])
      const expected = [role(auditor, ["*", ...Permission.literals]), role(clerk, [])]
      assert.deepStrictEqual(yield* roles.all, expected)
      assert.deepStrictEqual(yield* roles.hold, expected)
    }).pipe(Effect.provide(layer))
  )

  it.effect("defines a role in place of the one that had the name", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      yield* roles.define(auditor, ["event:read", "user:read"])
      yield* roles.define(auditor, ["event:read"])
      assert.deepStrictEqual(yield* roles.all, [role(auditor, ["event:read"])])
    }).pipe(Effect.provide(layer))
  )

  it.effect("removes a role, and minds nothing that is not there", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      yield* roles.define(auditor, ["event:read"])
      yield* roles.remove(clerk)
      yield* roles.remove(auditor)
      assert.deepStrictEqual(yield* roles.all, [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("grants nothing for a permission that this version does not know", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      const { run } = yield* Database
      yield* run((tables) =>
        tables.insertInto("role").values({ name: "auditor", permissions: "event:read event:forge **" }).execute()
      )
      assert.deepStrictEqual(yield* roles.all, [role(auditor, ["event:read"])])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is part of the unit of work it is used in", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      const { transaction } = yield* UnitOfWork
      yield* Effect.flip(
        transaction(
          Effect.gen(function* () {
            yield* roles.define(auditor, ["event:read"])
            assert.deepStrictEqual(yield* roles.all, [role(auditor, ["event:read"])])
            return yield* Effect.fail("no")
          })
        )
      )
      assert.deepStrictEqual(yield* roles.all, [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is held by one unit of work at a time: the next one sees what the one before has done", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      const { transaction } = yield* UnitOfWork
      const isHeld = yield* Deferred.make<void>()
      const mayEnd = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        transaction(
          Effect.gen(function* () {
            yield* roles.hold
            yield* Deferred.succeed(isHeld, undefined)
            yield* Deferred.await(mayEnd)
            yield* roles.define(auditor, ["event:read"])
          })
        )
      )
      yield* Deferred.await(isHeld)
      const second = yield* Effect.forkChild(transaction(roles.hold))
      yield* Deferred.succeed(mayEnd, undefined)
      yield* Fiber.join(first)
      assert.deepStrictEqual(yield* Fiber.join(second), [role(auditor, ["event:read"])])
    }).pipe(Effect.provide(layer))
  )

  it.effect("loses nothing of what many do who hold it in turn", () =>
    Effect.gen(function* () {
      const roles = yield* RoleRepository
      const { transaction } = yield* UnitOfWork
      const addOne = transaction(
        Effect.gen(function* () {
          const [held] = yield* roles.hold
          const next = Permission.literals[held?.permissions.length ?? 0]
          if (next !== undefined) yield* roles.define(auditor, [...(held?.permissions ?? []), next])
        })
      )
      yield* Effect.replicateEffect(addOne, Permission.literals.length, { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* roles.all, [role(auditor, Permission.literals)])
    }).pipe(Effect.provide(layer))
  )
})
