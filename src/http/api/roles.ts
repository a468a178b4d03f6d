import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { Grant } from "../../domain/access/Permission.ts"
import { RoleName } from "../../domain/access/Role.ts"
import { BodyExample } from "./BodyExample.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

export const RoleDocument = Schema.Struct({
  name: RoleName,
  permissions: Schema.Array(Grant),
  built_in: Schema.Boolean
}).annotate({ identifier: "Role" })
export type RoleDocument = typeof RoleDocument.Type

export const RolesDocument = Schema.Struct({ roles: Schema.Array(RoleDocument) }).annotate({ identifier: "Roles" })

export const listRoles = HttpApiEndpoint.get("listRoles", "/roles", {
  success: RolesDocument,
  error: [invalidQuery, ...problems("forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "role:read")
  .annotate(OpenApi.Summary, "The roles, the built-in ones first")

export const defineRole = HttpApiEndpoint.put("defineRole", "/roles/:name", {
  params: { name: Schema.String },
  payload: Schema.Struct({ permissions: Schema.Array(Grant) }),
  success: [RoleDocument, RoleDocument.pipe(HttpApiSchema.status(201))],
  error: problems("invalid-request", "forbidden", "built-in-role", "last-administrator")
})
  .middleware(Caller)
  .annotate(NeedsPermission, "role:write")
  .annotate(OpenApi.Summary, "Define a role (201), or change what it grants to everybody who has it")
  .annotate(BodyExample, { permissions: ["event:read", "user:read"] })
  .annotate(OpenApi.Description, "Nobody grants what they do not hold.")

export const removeRole = HttpApiEndpoint.delete("removeRole", "/roles/:name", {
  params: { name: RoleName },
  error: [invalidQuery, ...problems("forbidden", "not-found", "built-in-role", "role-in-use", "last-administrator")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "role:write")
  .annotate(OpenApi.Summary, "Remove a role that nobody has")
