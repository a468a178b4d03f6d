import { defineEntity, p } from "@mikro-orm/core"

/** A process that may answer from memory for a moment after it last looked at the changes; see `infra/change/Presence`. */
export const Instance = defineEntity({
  name: "Instance",
  tableName: "instance",
  properties: {
    id: p.text().primary(),
    /** Goes up as long as the process lives. */
    beats: p.bigint("number")
  }
})
