import { Effect } from "effect"
import { NotFound } from "../NotFound.ts"
import { grantsOf } from "./authorize.ts"
import { builtInRoles, isBuiltIn, type Role, type RoleName } from "./Role.ts"
import { RoleRepository } from "./RoleRepository.ts"

/** The built-in roles before the installation's own; nothing that is stored takes the place of a built-in one. */
const besideBuiltIns = (own: ReadonlyArray<Role>): ReadonlyArray<Role> => [
  ...builtInRoles,
  ...own.filter(({ name }) => !isBuiltIn(name))
]

/** All roles of this moment. */
export const definedRoles = Effect.flatMap(RoleRepository, ({ all }) => Effect.map(all, besideBuiltIns))

/** As `definedRoles`, held: see `RoleRepository.hold`. */
export const heldRoles = Effect.flatMap(RoleRepository, ({ hold }) => Effect.map(hold, besideBuiltIns))

/** The role of that name. */
export const roleNamed = Effect.fnUntraced(function* (name: RoleName, roles: ReadonlyArray<Role>) {
  const role = roles.find((each) => each.name === name)
  return role ?? (yield* new NotFound({ what: "role" }))
})

/** What these roles grant at this moment. The built-in ones are always the same: nobody has to be asked. */
export const grantsNow = Effect.fnUntraced(function* (names: ReadonlyArray<RoleName>) {
  return grantsOf(names, names.every(isBuiltIn) ? builtInRoles : yield* definedRoles)
})
