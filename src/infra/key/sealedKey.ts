import { Effect, Redacted, Schema } from "effect"
import type { KeyState } from "../../domain/key/Key.ts"
import { Vault } from "../secret/Vault.ts"
import { fromPkcs8, generate } from "./SigningKey.ts"

/** The keys cannot be read; `message` is a sentence for the operator. */
export class SigningKeysUnusable extends Schema.TaggedError<SigningKeysUnusable>()("SigningKeysUnusable", {
  message: Schema.String
}) {}

const PURPOSE = "signing-key"

const made = Effect.flatMap(generate, (pkcs8) =>
  Effect.map(fromPkcs8(pkcs8, { _tag: "Next" }), ({ id, jwk }) => ({ pkcs8, id, jwk }))
)

/** A new key, its private half sealed as text. Its name is none that a command line would take for a flag. */
export const mintSealed = Effect.gen(function* () {
  const vault = yield* Vault
  const { pkcs8, id, jwk } = yield* Effect.repeat(made, { until: (key) => !key.id.startsWith("-") })
  const sealed = yield* vault.seal(PURPOSE, id, Redacted.make(pkcs8))
  return { publicKey: jwk, sealed: Buffer.from(sealed).toString("base64") }
})

/** The key of which this is the sealed private half. */
export const openSealed = Effect.fnUntraced(function* (id: string, sealed: string, state: KeyState) {
  const vault = yield* Vault
  const pkcs8 = yield* vault.open(PURPOSE, id, Buffer.from(sealed, "base64")).pipe(
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
