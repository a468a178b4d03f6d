import { grantsOf } from "../../domain/access/authorize.ts"
import { builtInRoles } from "../../domain/access/Role.ts"
import type { User } from "../../domain/identity/User.ts"
import type { UserDocument } from "../api/documents.ts"

export const viewUser = (user: User): UserDocument => ({
  id: user.id,
  email: user.email,
  name: user.name,
  roles: user.roles,
  permissions: grantsOf(user.roles, builtInRoles),
  created_at: user.createdAt,
  last_login_at: user.lastLoginAt
})
