import { defineEntity, p } from "@mikro-orm/core"

/** A role beside the built-in ones. */
export const Role = defineEntity({
  name: "Role",
  tableName: "role",
  properties: {
    name: p.text().primary(),
    /** In one column, as in an access token's `scope`. */
    permissions: p.text()
  }
})
