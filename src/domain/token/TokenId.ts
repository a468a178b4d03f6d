import { Schema } from "effect"

/** A token's `jti`: 16 random bytes in base64url (RFC 7519 §4.1.7). */
export const TokenId = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{22}$/u, { expected: "22 base64url characters" })
).pipe(Schema.brand("TokenId"))
export type TokenId = typeof TokenId.Type
