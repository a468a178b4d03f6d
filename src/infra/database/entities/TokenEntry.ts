import { defineEntity, p } from "@mikro-orm/core"

export const TokenEntry = defineEntity({
  name: "TokenEntry",
  tableName: "token_entry",
  properties: {
    key: p.text().primary(),
    value: p.text(),
    expiresAt: p.bigint("number").index()
  }
})
