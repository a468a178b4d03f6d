import { defineEntity, p } from "@mikro-orm/core"

/** One row: whoever changes it has the turn to change who may do what, until their unit of work ends. */
export const AccessTurn = defineEntity({
  name: "AccessTurn",
  tableName: "access_turn",
  properties: {
    id: p.integer().primary().autoincrement(false),
    taken: p.bigint("number")
  }
})
