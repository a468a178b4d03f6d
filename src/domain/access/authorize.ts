import { Effect, Schema } from "effect"
import { Grant, type Permission } from "./Permission.ts"
import type { Role, RoleName } from "./Role.ts"

/** The caller is known and may not do this; `permission` is the one that is missing. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", { permission: Grant }) {}

/**
 * What a set of roles adds up to, each grant once, in a fixed order. A role that is not defined grants nothing; `*` holds
 * everything, so nothing is named beside it.
 */
export const grantsOf = (names: ReadonlyArray<RoleName>, roles: ReadonlyArray<Role>): ReadonlyArray<Grant> => {
  const held = new Set(roles.filter((role) => names.includes(role.name)).flatMap((role) => role.permissions))
  return held.has("*") ? ["*"] : [...held].toSorted()
}

/** Fails when a grant is missing; for the policies that say which. */
export const refuseWithout = (missing: Grant | undefined): Effect.Effect<void, Forbidden> =>
  missing === undefined ? Effect.void : Effect.fail(new Forbidden({ permission: missing }))

/** Whether the grants hold the permission. Nothing is held unless granted. */
export const authorize = (grants: ReadonlyArray<Grant>, permission: Permission): boolean =>
  grants.includes("*") || grants.includes(permission)
