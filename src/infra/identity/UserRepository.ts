import { DateTime, Effect, Layer, Option, Redacted } from "effect"
import { type Kysely, type Selectable, sql } from "kysely"
import { RoleName } from "../../domain/access/Role.ts"
import { Email, emailKey } from "../../domain/identity/Email.ts"
import { PasswordHash } from "../../domain/identity/PasswordHasher.ts"
import { DisplayName, User, UserId } from "../../domain/identity/User.ts"
import { EmailTaken, UserRepository } from "../../domain/identity/UserRepository.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { prepared } from "../database/prepared.ts"

/** A user's roles in one column; a role's name has no space. */
const SEPARATOR = " "
const roles = sql<string | null>`(
  select string_agg(user_role.role, ${sql.lit(SEPARATOR)} order by user_role.role)
  from user_role where user_role.user_id = "user".id
)`

const accounts = (tables: Kysely<Tables>) => tables.selectFrom("user").selectAll().select(roles.as("roles"))

type Row = Selectable<Tables["user"]> & { readonly roles: string | null }

const toUser = (row: Row): User =>
  new User({
    id: UserId.make(row.id),
    email: Email.make(row.email),
    name: row.name === null ? null : DisplayName.make(row.name),
    roles: row.roles === null ? [] : row.roles.split(SEPARATOR).map((role) => RoleName.make(role)),
    disabled: row.disabled !== 0,
    createdAt: DateTime.makeUnsafe(row.created_at),
    lastLoginAt: row.last_login_at === null ? null : DateTime.makeUnsafe(row.last_login_at)
  })

const toRow = (user: User, passwordHash: PasswordHash) => ({
  id: user.id,
  email: user.email,
  email_key: emailKey(user.email),
  name: user.name,
  password_hash: Redacted.value(passwordHash),
  disabled: Number(user.disabled),
  created_at: DateTime.toEpochMillis(user.createdAt),
  last_login_at: user.lastLoginAt === null ? null : DateTime.toEpochMillis(user.lastLoginAt)
})

const make = Effect.gen(function* () {
  const { read, run, transaction } = yield* Database
  const announce = yield* announcing
  const changed = (id: UserId) => () => [{ kind: "user", subject: id }] as const
  const byId = prepared((tables) => accounts(tables).where("id", "=", ""))
  const byEmail = prepared((tables) => accounts(tables).where("email_key", "=", ""))

  const insert = Effect.fnUntraced(function* (user: User, passwordHash: PasswordHash) {
    const { numInsertedOrUpdatedRows } = yield* run((tables) =>
      tables
        .insertInto("user")
        .values(toRow(user, passwordHash))
        .onConflict((conflict) => conflict.column("email_key").doNothing())
        .executeTakeFirstOrThrow()
    )
    if (numInsertedOrUpdatedRows === 0n) return yield* new EmailTaken()
    if (user.roles.length === 0) return
    yield* run((tables) =>
      tables
        .insertInto("user_role")
        .values(user.roles.map((role) => ({ user_id: user.id, role })))
        .execute()
    )
  })

  return UserRepository.of({
    create: (user, passwordHash) => transaction(insert(user, passwordHash)),
    findById: (id) =>
      read(async (tables) => {
        const [row] = await byId(tables, [id])
        return Option.map(Option.fromUndefinedOr(row), toUser)
      }),
    findAccount: (email) =>
      read(async (tables) => {
        const [row] = await byEmail(tables, [emailKey(email)])
        return Option.map(Option.fromUndefinedOr(row), (found) => ({
          user: toUser(found),
          passwordHash: PasswordHash.make(Redacted.make(found.password_hash))
        }))
      }),
    signedIn: (id, at) =>
      announce(
        run(async (tables) => {
          await tables
            .updateTable("user")
            .set({ last_login_at: DateTime.toEpochMillis(at) })
            .where("id", "=", id)
            .execute()
        }),
        changed(id)
      ),
    rehashed: (id, previous, next) =>
      run(async (tables) => {
        await tables
          .updateTable("user")
          .set({ password_hash: Redacted.value(next) })
          .where("id", "=", id)
          .where("password_hash", "=", Redacted.value(previous))
          .execute()
      }),
    grant: (id, role) =>
      announce(
        run(async (tables) => {
          const { numInsertedOrUpdatedRows } = await tables
            .insertInto("user_role")
            .values({ user_id: id, role })
            .onConflict((conflict) => conflict.columns(["user_id", "role"]).doNothing())
            .executeTakeFirstOrThrow()
          return numInsertedOrUpdatedRows === 1n
        }),
        changed(id)
      ),
    page: (limit, after) =>
      read(async (tables) => {
        const inOrder = accounts(tables).orderBy("email_key").limit(limit)
        const rows = await (after === undefined ? inOrder : inOrder.where("email_key", ">", emailKey(after))).execute()
        return rows.map(toUser)
      })
  })
})

export const layer = Layer.effect(UserRepository, make)
