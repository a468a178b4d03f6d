import { createHmac, createSecretKey, hkdfSync } from "node:crypto"
import { Effect, Redacted } from "effect"
import { type Email, emailKey } from "../../domain/identity/Email.ts"
import { MasterSecret } from "../secret/MasterSecret.ts"

/**
 * The names under which guesses at accounts are counted, whether the accounts exist or not: whoever reads the counts
 * without the master secret learns nobody's address from them, and people type more than addresses into that field.
 */
export const accountName = Effect.map(MasterSecret, ({ bytes }) => {
  const key = createSecretKey(
    Buffer.from(hkdfSync("sha256", Redacted.value(bytes), "keyhole/guesses/1", "account", 32))
  )
  return (email: Email): string => createHmac("sha256", key).update(emailKey(email)).digest("base64url")
})
