import { defineEntity, p } from "@mikro-orm/core"
import type { Look as DomainLook } from "../../../domain/image/Looks.ts"
import { User } from "./User.ts"

export const Look = defineEntity({
  name: "Look",
  tableName: "look",
  indexes: [
    { name: "look_of_user", properties: ["user", "at", "id"] },
    { name: "look_at", properties: ["at"] }
  ],
  properties: {
    id: p.text().primary(),
    user: () => p.manyToOne(User).index(false).deleteRule("cascade"),
    at: p.bigint("number"),
    operation: p.text().$type<DomainLook["operation"]>(),
    image: p.text(),
    digest: p.text(),
    platform: p.text(),
    layer: p.text().nullable(),
    path: p.text().nullable(),
    bytesFetched: p.bigint("number"),
    outcome: p.text().$type<DomainLook["outcome"]>()
  }
})
