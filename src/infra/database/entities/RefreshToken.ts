import { defineEntity, p } from "@mikro-orm/core"
import { Session } from "./Session.ts"

export const RefreshToken = defineEntity({
  name: "RefreshToken",
  tableName: "refresh_token",
  indexes: [{ name: "refresh_token_end", properties: ["expiresAt"] }],
  // A family has one live token at any time: the database itself refuses a second.
  uniques: [{ name: "refresh_token_live", properties: ["session"], where: "consumed_at is null" }],
  properties: {
    id: p.text().primary(),
    session: () => p.manyToOne(Session).index().deleteRule("cascade"),
    userId: p.text(),
    keyId: p.text(),
    issuedAt: p.bigint("number"),
    expiresAt: p.bigint("number"),
    consumedAt: p.bigint("number").nullable()
  }
})
