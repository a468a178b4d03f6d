import type { BuiltInRole } from "../../domain/access/defineRole.ts"
import type { LastAdministrator } from "../../domain/access/lastAdministrator.ts"
import type { RoleInUse } from "../../domain/access/removeRole.ts"
import type { Rows } from "./Row.ts"

/** What administrators may not do, though they may do everything. */
export type AdministrationError = BuiltInRole | LastAdministrator | RoleInUse

export const administrationProblems = {
  BuiltInRole: {
    code: "built-in-role",
    describe: ({ name }) => ({ detail: `The role ${name} is built in and stays as it is`, members: {} })
  },
  LastAdministrator: {
    code: "last-administrator",
    describe: () => ({
      detail: "This would leave no administrator; make somebody else one first",
      members: {}
    })
  },
  RoleInUse: {
    code: "role-in-use",
    describe: ({ name }) => ({ detail: `Somebody has the role ${name}; give them another one first`, members: {} })
  }
} as const satisfies Rows<AdministrationError>
