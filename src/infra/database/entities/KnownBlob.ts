import { defineEntity, p } from "@mikro-orm/core"

export const KnownBlob = defineEntity({
  name: "KnownBlob",
  tableName: "known_blob",
  // All that is asked to find what has to go, without a look at the contents.
  indexes: [{ name: "known_blob_use", properties: ["usedAt", "size"] }],
  properties: {
    /** What it is, and the digest: a blob may be asked for as one thing by one image and as another by the next. */
    id: p.text().primary(),
    /** Of the content, in bytes. */
    size: p.integer(),
    usedAt: p.bigint("number"),
    content: p.blob()
  }
})
