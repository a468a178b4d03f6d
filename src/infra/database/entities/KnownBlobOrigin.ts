import { defineEntity, p } from "@mikro-orm/core"
import { KnownBlob } from "./KnownBlob.ts"

/** A repository that a known blob was read from. */
export const KnownBlobOrigin = defineEntity({
  name: "KnownBlobOrigin",
  tableName: "known_blob_origin",
  properties: {
    blob: () => p.manyToOne(KnownBlob).primary().index(false).deleteRule("cascade"),
    repository: p.text().primary()
  }
})
