import { defineEntity, p } from "@mikro-orm/core"
import { User } from "./User.ts"

export const SeenLayer = defineEntity({
  name: "SeenLayer",
  tableName: "seen_layer",
  indexes: [{ name: "seen_layer_seen_at", properties: ["seenAt"] }],
  properties: {
    user: () => p.manyToOne(User).primary().index(false).deleteRule("cascade"),
    image: p.text().primary(),
    imageDigest: p.text().primary(),
    layer: p.integer().primary(),
    layerDigest: p.text(),
    seenAt: p.bigint("number").defaultRaw("0")
  }
})
