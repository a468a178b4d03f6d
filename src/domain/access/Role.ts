import { Schema } from "effect"
import { Grant } from "./Permission.ts"

export const RoleName = Schema.String.check(
  Schema.isPattern(/^[a-z][a-z0-9-]{0,62}$/u, {
    expected: "a lower-case name of at most 63 letters, digits and hyphens"
  })
).pipe(Schema.brand("RoleName"))
export type RoleName = typeof RoleName.Type

export class Role extends Schema.Class<Role>("Role")({
  name: RoleName,
  permissions: Schema.Array(Grant),
  builtIn: Schema.Boolean
}) {}

const builtIn = (name: string, permissions: ReadonlyArray<Grant>) =>
  new Role({ name: RoleName.make(name), permissions, builtIn: true })

export const viewer = builtIn("viewer", ["image:read", "image:carve"])
export const operator = builtIn("operator", [
  ...viewer.permissions,
  "image:download",
  "registry:credential",
  "token:introspect"
])
export const admin = builtIn("admin", ["*"])

/** The roles every installation has; they cannot be changed or removed. */
export const builtInRoles: ReadonlyArray<Role> = [viewer, operator, admin]

export const isBuiltIn = (name: RoleName): boolean => builtInRoles.some((role) => role.name === name)
