import { defineEntity, p } from "@mikro-orm/core"
import { User } from "./User.ts"

export const UserRole = defineEntity({
  name: "UserRole",
  tableName: "user_role",
  // Who has this role?
  indexes: [{ name: "user_role_role", properties: ["role"] }],
  properties: {
    user: () => p.manyToOne(User).primary().index(false).deleteRule("cascade"),
    role: p.text().primary()
  }
})
