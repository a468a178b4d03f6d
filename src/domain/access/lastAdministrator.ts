import { Schema } from "effect"
import { isAdministrator } from "./escalation.ts"
import type { Role, RoleName } from "./Role.ts"

/** Nobody would be left who could grant anything: only the command line could make an administrator again. */
export class LastAdministrator extends Schema.TaggedError<LastAdministrator>()("LastAdministrator", {}) {}

/** The roles of which one makes an administrator. */
export const administrativeRoles = (roles: ReadonlyArray<Role>): ReadonlyArray<RoleName> =>
  roles.filter(({ permissions }) => isAdministrator(permissions)).map(({ name }) => name)
