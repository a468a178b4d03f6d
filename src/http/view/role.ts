import type { Role } from "../../domain/access/Role.ts"
import type { RoleDocument } from "../api/roles.ts"

export const viewRole = ({ name, permissions, builtIn }: Role): RoleDocument => ({
  name,
  permissions,
  built_in: builtIn
})
