import type { InferEntity } from "@mikro-orm/core"
import { DateTime, Effect, Redacted, Schema } from "effect"
import { Database } from "../database/Database.ts"
import { SigningKey as Row } from "../database/entities/SigningKey.ts"
import { Vault } from "../secret/Vault.ts"
import { fromPkcs8, type KeyState, type SigningKey } from "./SigningKey.ts"

/** The keys cannot be read; `message` is a sentence for the operator. */
export class SigningKeysUnusable extends Schema.TaggedError<SigningKeysUnusable>()("SigningKeysUnusable", {
  message: Schema.String
}) {}

const PURPOSE = "signing-key"

const stateOf = (state: string, retiresAt: number | null | undefined): KeyState | undefined => {
  switch (state) {
    case "next":
      return { _tag: "Next" }
    case "current":
      return { _tag: "Current" }
    case "retiring":
      return typeof retiresAt === "number" ? { _tag: "Retiring", until: DateTime.makeUnsafe(retiresAt) } : undefined
    default:
      return undefined
  }
}

const open = Effect.fnUntraced(function* (row: InferEntity<typeof Row>) {
  const vault = yield* Vault
  const state = stateOf(row.state, row.retiresAt)
  if (state === undefined) {
    return yield* new SigningKeysUnusable({ message: `The signing key ${row.kid} has an unknown state.` })
  }
  const pkcs8 = yield* vault.open(PURPOSE, row.kid, Buffer.from(row.privateKey, "base64")).pipe(
    Effect.mapError(
      () =>
        new SigningKeysUnusable({
          message:
            "The signing keys in the database were encrypted with another secret than KEYHOLE_SECRET or, where that is not set, " +
            "the file `secret` in the data directory. Start with that one."
        })
    )
  )
  return yield* fromPkcs8(Redacted.value(pkcs8), state)
})

/** Every key there is. */
export const readAll = Effect.gen(function* () {
  const database = yield* Database
  const rows = yield* database.use((entities) => entities.findAll(Row))
  return yield* Effect.forEach(rows, open)
})

/** Keeps the key as the current one, unless there is one already: of two that try at once, the second does nothing. */
export const keepFirst = Effect.fnUntraced(function* (key: SigningKey) {
  const database = yield* Database
  const vault = yield* Vault
  const pkcs8 = key.privateKey.export({ format: "der", type: "pkcs8" })
  const sealed = yield* vault.seal(PURPOSE, key.id, Redacted.make(new Uint8Array(pkcs8)))
  const now = DateTime.toEpochMillis(yield* DateTime.now)
  yield* database.transaction(
    Effect.andThen(
      database.exclusive("signing keys"),
      database.use(async (entities) => {
        if ((await entities.count(Row, { state: "current" })) > 0) return
        await entities.insert(Row, {
          kid: key.id,
          privateKey: Buffer.from(sealed).toString("base64"),
          publicKey: JSON.stringify(key.jwk),
          state: "current",
          createdAt: now,
          activatedAt: now
        })
      })
    )
  )
})
