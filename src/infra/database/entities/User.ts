import { defineEntity, p } from "@mikro-orm/core"

export const User = defineEntity({
  name: "User",
  tableName: "user",
  properties: {
    id: p.text().primary(),
    email: p.text(),
    /** The form under which addresses are compared; nobody else may have it. */
    emailKey: p.text().unique(),
    name: p.text().nullable(),
    passwordHash: p.text(),
    /** 0 or 1: SQLite has no booleans. */
    disabled: p.integer(),
    createdAt: p.bigint("number"),
    lastLoginAt: p.bigint("number").nullable()
  }
})
