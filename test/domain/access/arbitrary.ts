import { fc } from "@fast-check/vitest"
import { type Grant, Permission } from "../../../src/domain/access/Permission.ts"
import { admin, builtInRoles, Role, RoleName } from "../../../src/domain/access/Role.ts"

export const permission = fc.constantFrom(...Permission.literals)
const grant: fc.Arbitrary<Grant> = fc.oneof(
  { weight: 8, arbitrary: permission },
  { weight: 1, arbitrary: fc.constant("*") }
)
export const grants = fc.uniqueArray(grant)
const OWN = ["auditor", "janitor", "pilot"].map((name) => RoleName.make(name))
/** The roles of an installation that has defined some of its own. */
export const definitions = fc
  .tuple(grants, grants, grants)
  .map((each) => each.map((permissions, at) => new Role({ name: OWN[at] ?? admin.name, permissions, builtIn: false })))
  .map((own) => builtInRoles.concat(own))
/** The names of some of them. */
export const names = fc.subarray([...OWN, ...builtInRoles.map(({ name }) => name)])
