import { defineEntity, p } from "@mikro-orm/core"
import { User } from "./User.ts"

export const RegistryCredential = defineEntity({
  name: "RegistryCredential",
  tableName: "registry_credential",
  properties: {
    user: () => p.manyToOne(User).primary().index(false).deleteRule("cascade"),
    host: p.text().primary(),
    /** Name and password, sealed under the master secret. */
    login: p.text()
  }
})
