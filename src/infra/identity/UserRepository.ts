import { DateTime, Effect, Layer, Option, Redacted } from "effect"
import { type Kysely, sql } from "kysely"
import type { RoleName } from "../../domain/access/Role.ts"
import { emailKey } from "../../domain/identity/Email.ts"
import { PasswordHash } from "../../domain/identity/PasswordHasher.ts"
import type { User, UserId } from "../../domain/identity/User.ts"
import { EmailTaken, UserRepository } from "../../domain/identity/UserRepository.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { containing } from "../database/containing.ts"
import { prepared } from "../database/prepared.ts"
import { accounts, toRow, toUser } from "./userRows.ts"

const make = Effect.gen(function* () {
  const { held, read, run, transaction } = yield* Database
  const announce = yield* announcing
  const byId = prepared((tables) => accounts(tables).where("id", "=", ""))
  const byEmail = prepared((tables) => accounts(tables).where("email_key", "=", ""))

  /** What changes a user who is there goes through here, and so is told to whoever remembers them. */
  const changing = <A>(id: UserId, statement: (tables: Kysely<Tables>) => Promise<A>) =>
    announce(run(statement), () => [{ kind: "user", subject: id }])

  const give = async (tables: Kysely<Tables>, id: UserId, roles: ReadonlyArray<RoleName>) => {
    const rows = roles.map((role) => ({ user_id: id, role }))
    if (rows.length > 0) await tables.insertInto("user_role").values(rows).execute()
  }

  const insert = Effect.fnUntraced(function* (user: User, passwordHash: PasswordHash) {
    const { numInsertedOrUpdatedRows } = yield* run((tables) =>
      tables
        .insertInto("user")
        .values(toRow(user, passwordHash))
        .onConflict((conflict) => conflict.column("email_key").doNothing())
        .executeTakeFirstOrThrow()
    )
    if (numInsertedOrUpdatedRows === 0n) return yield* new EmailTaken()
    yield* run((tables) => give(tables, user.id, user.roles))
  })

  const find = async (tables: Kysely<Tables>, id: UserId) => {
    const [row] = await byId(tables, [id])
    return Option.map(Option.fromUndefinedOr(row), toUser)
  }

  return UserRepository.of({
    create: (user, passwordHash) => transaction(insert(user, passwordHash)),
    findById: (id) => read((tables) => find(tables, id)),
    hold: (id) =>
      run(async (tables) => {
        await held(tables.selectFrom("user").select("id").where("id", "=", id)).execute()
        return find(tables, id)
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
        () => [{ kind: "user", subject: id, harmless: true }]
      ),
    rehashed: (id, previous, next) =>
      run(async (tables) => {
        const { numUpdatedRows } = await tables
          .updateTable("user")
          .set({ password_hash: Redacted.value(next) })
          .where("id", "=", id)
          .where("password_hash", "=", Redacted.value(previous))
          .executeTakeFirstOrThrow()
        return numUpdatedRows > 0n
      }),
    rename: (id, name) =>
      changing(id, async (tables) => {
        const { numUpdatedRows } = await tables
          .updateTable("user")
          .set({ name })
          .where("id", "=", id)
          .executeTakeFirstOrThrow()
        return numUpdatedRows > 0n
      }),
    setDisabled: (id, disabled) =>
      changing(id, async (tables) => {
        await tables
          .updateTable("user")
          .set({ disabled: Number(disabled) })
          .where("id", "=", id)
          .execute()
      }),
    remove: (id) =>
      Effect.asVoid(
        announce(
          run(async (tables) => {
            // They go with their user, and whoever remembers one would go on to say how it ended.
            const sessions = await tables
              .selectFrom("session")
              .select("secret_hash")
              .where("user_id", "=", id)
              .where("secret_hash", "is not", null)
              .execute()
            await tables.deleteFrom("user").where("id", "=", id).execute()
            return sessions.flatMap(({ secret_hash }) => secret_hash ?? [])
          }),
          (secrets) => [
            { kind: "user", subject: id },
            ...secrets.map((subject) => ({ kind: "session", subject }) as const)
          ]
        )
      ),
    grant: (id, role) =>
      changing(id, async (tables) => {
        const { numInsertedOrUpdatedRows } = await tables
          .insertInto("user_role")
          .values({ user_id: id, role })
          .onConflict((conflict) => conflict.columns(["user_id", "role"]).doNothing())
          .executeTakeFirstOrThrow()
        return numInsertedOrUpdatedRows === 1n
      }),
    setRoles: (id, roles) =>
      changing(id, async (tables) => {
        await tables.deleteFrom("user_role").where("user_id", "=", id).execute()
        await give(tables, id, roles)
      }),
    isAnyWith: (role) =>
      read(async (tables) => {
        const row = await tables
          .selectFrom("user_role")
          .select("user_id")
          .where("role", "=", role)
          .limit(1)
          .executeTakeFirst()
        return row !== undefined
      }),
    isAnyEnabledWith: (roles) =>
      read(async (tables) => {
        if (roles.length === 0) return false
        const row = await tables
          .selectFrom("user_role")
          .innerJoin("user", "user.id", "user_role.user_id")
          .select("user.id")
          .where("user_role.role", "in", [...roles])
          .where("user.disabled", "=", 0)
          .limit(1)
          .executeTakeFirst()
        return row !== undefined
      }),
    page: ({ limit, after, query }) =>
      read(async (tables) => {
        let inOrder = accounts(tables).orderBy("email_key").limit(limit)
        if (after !== undefined) inOrder = inOrder.where("email_key", ">", emailKey(after))
        if (query !== undefined) {
          const [address, name] = [containing(query.normalize("NFC").toLowerCase()), containing(query)]
          inOrder = inOrder.where(
            sql<boolean>`(email_key like ${address} escape '\\' or lower(name) like ${name} escape '\\')`
          )
        }
        const rows = await inOrder.execute()
        return rows.map(toUser)
      })
  })
})

export const layer = Layer.effect(UserRepository, make)
