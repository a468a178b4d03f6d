import { defineEntity, p } from "@mikro-orm/core"

export const GuessTally = defineEntity({
  name: "GuessTally",
  tableName: "guess_tally",
  properties: {
    key: p.text().primary(),
    /** A JSON array of times in milliseconds. */
    failures: p.text(),
    strikes: p.integer(),
    waitUntil: p.bigint("number"),
    told: p.smallint(),
    signedInAt: p.bigint("number").nullable(),
    endsAt: p.bigint("number").index()
  }
})
