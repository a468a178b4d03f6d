import { Effect, Layer, Option, Redacted, Schema } from "effect"
import type { UserId } from "../../domain/identity/User.ts"
import { CredentialStore } from "../../domain/registry/CredentialStore.ts"
import type { RegistryLogin } from "../../domain/registry/RegistryCredentials.ts"
import { RegistryHost } from "../../domain/registry/RegistryHost.ts"
import { Database } from "../database/Database.ts"
import { Vault } from "../secret/Vault.ts"

const PURPOSE = "registry-credential"

const Login = Schema.fromJsonString(
  Schema.Struct({ username: Schema.String, password: Schema.RedactedFromValue(Schema.String) })
)

/** A login opens in the record it was sealed for: neither another user's nor another host's. */
const recordOf = (user: UserId, host: string): string => JSON.stringify([user, host])

const make = Effect.gen(function* () {
  const { read, run } = yield* Database
  const vault = yield* Vault

  const seal = Effect.fnUntraced(function* (user: UserId, host: RegistryHost, login: RegistryLogin) {
    const text = yield* Effect.orDie(Schema.encodeEffect(Login)(login))
    const sealed = yield* vault.seal(PURPOSE, recordOf(user, host), Redacted.make(new TextEncoder().encode(text)))
    return Buffer.from(sealed).toString("base64")
  })

  /** The master secret was proved at the start, so what does not open was tampered with, and is nobody's login. */
  const open = Effect.fnUntraced(function* (user: UserId, host: string, sealed: string) {
    const plain = yield* vault.open(PURPOSE, recordOf(user, host), Buffer.from(sealed, "base64"))
    return yield* Schema.decodeEffect(Login)(new TextDecoder().decode(Redacted.value(plain)))
  }, Effect.orDie)

  return CredentialStore.of({
    keep: Effect.fnUntraced(function* (user, host, login) {
      const sealed = yield* seal(user, host, login)
      yield* run((tables) =>
        tables
          .insertInto("registry_credential")
          .values({ user_id: user, host, login: sealed })
          .onConflict((conflict) => conflict.columns(["user_id", "host"]).doUpdateSet({ login: sealed }))
          .execute()
      )
    }),
    remove: (user, host) =>
      run(async (tables) => {
        const { numDeletedRows } = await tables
          .deleteFrom("registry_credential")
          .where("user_id", "=", user)
          .where("host", "=", host)
          .executeTakeFirstOrThrow()
        return numDeletedRows > 0n
      }),
    find: Effect.fnUntraced(function* (user, host) {
      const row = yield* read((tables) =>
        tables
          .selectFrom("registry_credential")
          .select("login")
          .where("user_id", "=", user)
          .where("host", "=", host)
          .executeTakeFirst()
      )
      return row === undefined ? Option.none() : Option.some(yield* open(user, host, row.login))
    }),
    accountsOf: Effect.fnUntraced(function* (user) {
      const rows = yield* read((tables) =>
        tables
          .selectFrom("registry_credential")
          .select(["host", "login"])
          .where("user_id", "=", user)
          .orderBy("host")
          .execute()
      )
      return yield* Effect.forEach(rows, ({ host, login }) =>
        Effect.map(open(user, host, login), ({ username }) => ({ host: RegistryHost.make(host), username }))
      )
    })
  })
})

/** Logins in the database, each sealed whole. */
export const layer = Layer.effect(CredentialStore, make)
