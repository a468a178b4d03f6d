import { DateTime, Redacted } from "effect"
import { type Kysely, type Selectable, sql } from "kysely"
import { RoleName } from "../../domain/access/Role.ts"
import { Email, emailKey } from "../../domain/identity/Email.ts"
import type { PasswordHash } from "../../domain/identity/PasswordHasher.ts"
import { DisplayName, User, UserId } from "../../domain/identity/User.ts"
import type { Tables } from "../database/entities.ts"

/** A user's roles in one column; a role's name has no space. */
const SEPARATOR = " "
const roles = sql<string | null>`(
  select string_agg(user_role.role, ${sql.lit(SEPARATOR)} order by user_role.role)
  from user_role where user_role.user_id = "user".id
)`

export const accounts = (tables: Kysely<Tables>) => tables.selectFrom("user").selectAll().select(roles.as("roles"))

type Row = Selectable<Tables["user"]> & { readonly roles: string | null }

export const toUser = (row: Row): User =>
  new User({
    id: UserId.make(row.id),
    email: Email.make(row.email),
    name: row.name === null ? null : DisplayName.make(row.name),
    roles: row.roles === null ? [] : row.roles.split(SEPARATOR).map((role) => RoleName.make(role)),
    disabled: row.disabled !== 0,
    createdAt: DateTime.makeUnsafe(row.created_at),
    lastLoginAt: row.last_login_at === null ? null : DateTime.makeUnsafe(row.last_login_at)
  })

export const toRow = (user: User, passwordHash: PasswordHash) => ({
  id: user.id,
  email: user.email,
  email_key: emailKey(user.email),
  name: user.name,
  password_hash: Redacted.value(passwordHash),
  disabled: Number(user.disabled),
  created_at: DateTime.toEpochMillis(user.createdAt),
  last_login_at: user.lastLoginAt === null ? null : DateTime.toEpochMillis(user.lastLoginAt)
})
