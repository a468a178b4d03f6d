import { Effect } from "effect"
import { NotFound } from "../NotFound.ts"
import { builtInRoles, type RoleName } from "./Role.ts"

/** The role of that name. */
export const definedRole = Effect.fnUntraced(function* (name: RoleName) {
  const role = builtInRoles.find((each) => each.name === name)
  return role ?? (yield* new NotFound({ what: "role" }))
})
