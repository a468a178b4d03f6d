import { defineEntity, p } from "@mikro-orm/core"

export const SigningKey = defineEntity({
  name: "SigningKey",
  tableName: "signing_key",
  properties: {
    kid: p.text().primary(),
    /** Sealed under the master secret. */
    privateKey: p.text(),
    /** A JWK (RFC 7517) as JSON text. */
    publicKey: p.text(),
    /** `next`, `current` or `retiring`. */
    state: p.text(),
    createdAt: p.bigint("number"),
    activatedAt: p.bigint("number").nullable(),
    retiresAt: p.bigint("number").nullable()
  }
})
