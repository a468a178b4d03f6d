import { defineEntity, p } from "@mikro-orm/core"

/** What others may remember otherwise, in the order in which it was committed; see `infra/change`. */
export const Change = defineEntity({
  name: "Change",
  tableName: "change",
  properties: {
    seq: p.integer().primary().autoincrement(),
    kind: p.text(),
    /** What has changed, where the kind alone does not say it. */
    subject: p.text(),
    /** How long the change matters. */
    until: p.bigint("number").nullable(),
    at: p.bigint("number")
  }
})
