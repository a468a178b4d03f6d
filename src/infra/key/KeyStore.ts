import { DateTime, Effect, Layer, Option } from "effect"
import type { Insertable, Kysely, Selectable } from "kysely"
import type { Key } from "../../domain/key/Key.ts"
import { KeyStore } from "../../domain/key/KeyStore.ts"
import { KeyId } from "../../domain/token/TokenSigner.ts"
import { announcing } from "../change/announce.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { Vault } from "../secret/Vault.ts"
import { mintSealed } from "./sealedKey.ts"
import { readAll, stateOf } from "./storedKeys.ts"

type Row = Selectable<Tables["signing_key"]>

const toKey = Effect.fnUntraced(function* (row: Row) {
  const since = { Next: row.created_at, Current: row.activated_at, Retiring: row.retired_at }
  const state = yield* Effect.orDie(stateOf(row))
  const key: Key = {
    id: KeyId.make(row.kid),
    createdAt: DateTime.makeUnsafe(row.created_at),
    state,
    since: DateTime.makeUnsafe(since[state._tag] ?? row.created_at)
  }
  return key
})

const rowsIn = (tables: Kysely<Tables>) =>
  tables.selectFrom("signing_key").selectAll().orderBy("created_at").orderBy("kid").execute()

const changed = () => [{ kind: "keys" }] as const
const millis = DateTime.toEpochMillis

const make = Effect.gen(function* () {
  const { exclusive, read, run } = yield* Database
  const announce = yield* announcing
  const vault = yield* Vault
  // Who holds another secret may not add keys that nobody else could open.
  yield* readAll

  const write = (statement: (tables: Kysely<Tables>) => Promise<unknown>) =>
    Effect.asVoid(announce(run(statement), changed))
  const update = (id: KeyId, row: Partial<Insertable<Tables["signing_key"]>>) =>
    write((tables) => tables.updateTable("signing_key").set(row).where("kid", "=", id).executeTakeFirstOrThrow())
  const keys = Effect.flatMap((rows: ReadonlyArray<Row>) => Effect.forEach(rows, toKey))

  return KeyStore.of({
    all: keys(read(rowsIn)),
    // In an empty ring there is no row to hold.
    hold: keys(Effect.andThen(exclusive("signing keys"), run(rowsIn))),
    lastExpiry: (id) =>
      read(async (tables) => {
        const { last } = await tables
          .selectFrom("refresh_token")
          .select(({ fn }) => fn.max("expires_at").as("last"))
          .where("key_id", "=", id)
          .executeTakeFirstOrThrow()
        return Option.map(Option.fromNullishOr(last), (at) => DateTime.makeUnsafe(at))
      }),
    mint: Effect.provideService(mintSealed, Vault, vault),
    publish: ({ publicKey, sealed }, as, at) =>
      write((tables) =>
        tables
          .insertInto("signing_key")
          .values({
            kid: publicKey.kid,
            private_key: sealed,
            public_key: JSON.stringify(publicKey),
            state: as === "Next" ? "next" : "current",
            created_at: millis(at),
            activated_at: as === "Next" ? null : millis(at),
            retired_at: null,
            retires_at: null
          })
          .execute()
      ),
    activate: (id, at) => update(id, { state: "current", activated_at: millis(at) }),
    retire: (id, at, until) => update(id, { state: "retiring", retired_at: millis(at), retires_at: millis(until) }),
    remove: (id) => write((tables) => tables.deleteFrom("signing_key").where("kid", "=", id).execute())
  })
})

/** The keys in the database, their private halves sealed. */
export const layer = Layer.effect(KeyStore, make)
