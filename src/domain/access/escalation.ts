import { grantsOf } from "./authorize.ts"
import type { Grant } from "./Permission.ts"
import type { Role, RoleName } from "./Role.ts"

/** An administrator is whoever holds everything. */
export const isAdministrator = (grants: ReadonlyArray<Grant>): boolean => grants.includes("*")

const holds = (held: ReadonlyArray<Grant>, grant: Grant): boolean => isAdministrator(held) || held.includes(grant)

const firstLacking = (held: ReadonlyArray<Grant>, wanted: ReadonlyArray<Grant>): Grant | undefined =>
  wanted.find((grant) => !holds(held, grant))

/*
 * Two rules: nobody grants what they do not hold, and what makes or concerns an administrator is for administrators alone. Each of
 * these functions answers with the first grant that the one who wants to act would need besides, or with nothing.
 */

/** To take something away from somebody who has these grants: roles, the account, sessions. */
export const missingToActOn = (held: ReadonlyArray<Grant>, grants: ReadonlyArray<Grant>): Grant | undefined =>
  isAdministrator(grants) ? firstLacking(held, ["*"]) : undefined

/** To replace somebody's roles by others. Those they had and keep are granted by nobody now. */
export const missingToAssign = (
  held: ReadonlyArray<Grant>,
  before: ReadonlyArray<RoleName>,
  after: ReadonlyArray<RoleName>,
  roles: ReadonlyArray<Role>
): Grant | undefined => {
  const given = after.filter((name) => !before.includes(name))
  return missingToActOn(held, grantsOf(before, roles)) ?? firstLacking(held, grantsOf(given, roles))
}

/** To make a role of `before` one of `after`. */
export const missingToDefine = (
  held: ReadonlyArray<Grant>,
  before: ReadonlyArray<Grant>,
  after: ReadonlyArray<Grant>
): Grant | undefined => {
  const added = after.filter((grant) => !holds(before, grant))
  return missingToActOn(held, before) ?? firstLacking(held, added)
}
