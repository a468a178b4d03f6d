import { Effect, Option } from "effect"
import { UserRepository } from "../identity/UserRepository.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { authorize, Forbidden, grantsOf } from "./authorize.ts"
import { definedRoles, heldRoles } from "./definedRoles.ts"
import { administrativeRoles, LastAdministrator } from "./lastAdministrator.ts"
import type { Grant, Permission } from "./Permission.ts"
import type { Principal } from "./Principal.ts"
import type { Role } from "./Role.ts"

/** Whether there is an administrator who can sign in. */
const isAdministered = Effect.gen(function* () {
  const users = yield* UserRepository
  return yield* users.isAnyEnabledWith(administrativeRoles(yield* definedRoles))
})

/**
 * Whatever may take something away from an administrator happens in here, whoever wants it: one change after the other, and
 * none that leaves an administered installation without an administrator. It is the outcome that is looked at, so that no
 * way leads around it.
 */
export const changeAccess = Effect.fnUntraced(function* <A, E, R>(
  change: (roles: ReadonlyArray<Role>) => Effect.Effect<A, E, R>
) {
  const unit = yield* UnitOfWork
  return yield* unit.transaction(
    Effect.gen(function* () {
      const roles = yield* heldRoles
      const wasAdministered = yield* isAdministered
      const result = yield* change(roles)
      if (wasAdministered && !(yield* isAdministered)) return yield* new LastAdministrator()
      return result
    })
  )
})

/** What an administrative act goes by: what its caller holds, and the roles there are, both of the moment. */
interface Authority {
  readonly held: ReadonlyArray<Grant>
  readonly roles: ReadonlyArray<Role>
}

/** A caller's act on others. What the caller may do is asked once more, in the unit of work: it may just have been taken away. */
export const actingFor =
  <A, E, R>(caller: Principal, permission: Permission, act: (authority: Authority) => Effect.Effect<A, E, R>) =>
  (roles: ReadonlyArray<Role>) =>
    Effect.gen(function* () {
      const users = yield* UserRepository
      const actor = Option.getOrUndefined(yield* users.findById(caller.user.id))
      if (actor === undefined || actor.disabled) return yield* new TokenRevoked()
      const held = grantsOf(actor.roles, roles)
      if (!authorize(held, permission)) return yield* new Forbidden({ permission })
      return yield* act({ held, roles })
    })

/** A caller's change to what others may do. */
export const administer = <A, E, R>(
  caller: Principal,
  permission: Permission,
  change: (authority: Authority) => Effect.Effect<A, E, R>
) => changeAccess(actingFor(caller, permission, change))
