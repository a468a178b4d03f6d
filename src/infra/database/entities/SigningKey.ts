import { defineEntity, p } from "@mikro-orm/core"

export const SigningKey = defineEntity({
  name: "SigningKey",
  tableName: "signing_key",
  // One key is current and one is next, at most: the database itself refuses a second.
  uniques: [{ name: "signing_key_in_state", properties: ["state"], where: "retires_at is null" }],
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
    /** When it stopped signing. */
    retiredAt: p.bigint("number").nullable(),
    /** Until when its tokens are accepted; only a retiring key has an end. */
    retiresAt: p.bigint("number").nullable()
  }
})
