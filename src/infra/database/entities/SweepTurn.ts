import { defineEntity, p } from "@mikro-orm/core"

/** Which process sweeps, until when; see `sweeping`. */
export const SweepTurn = defineEntity({
  name: "SweepTurn",
  tableName: "sweep_turn",
  properties: {
    what: p.text().primary(),
    holder: p.text(),
    until: p.bigint("number")
  }
})
