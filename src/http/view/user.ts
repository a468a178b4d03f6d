import type { Grant } from "../../domain/access/Permission.ts"
import type { User } from "../../domain/identity/User.ts"
import type { Member } from "../../domain/identity/Member.ts"
import type { MemberDocument, UserDocument } from "../api/documents.ts"

export const viewUser = (user: User, grants: ReadonlyArray<Grant>): UserDocument => ({
  id: user.id,
  email: user.email,
  name: user.name,
  roles: user.roles,
  permissions: grants,
  created_at: user.createdAt,
  last_login_at: user.lastLoginAt
})

export const viewMember = ({ user, grants }: Member): MemberDocument => ({
  ...viewUser(user, grants),
  disabled: user.disabled
})
