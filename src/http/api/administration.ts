import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Grant } from "../../domain/access/Permission.ts"
import { RoleName } from "../../domain/access/Role.ts"
import { UserId } from "../../domain/identity/User.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { UserCursor } from "./cursor.ts"
import { MemberDocument } from "./documents.ts"
import { listEvents } from "./events.ts"
import { limit } from "./paging.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"
import { searchText } from "./SearchText.ts"

const id = { id: UserId }

export const MembersDocument = Schema.Struct({
  users: Schema.Array(MemberDocument),
  next: Schema.optionalKey(UserCursor)
}).annotate({ identifier: "Members" })

export const listUsers = HttpApiEndpoint.get("listUsers", "/users", {
  query: {
    query: Schema.optionalKey(searchText(254)),
    ...limit,
    after: Schema.optionalKey(UserCursor)
  },
  success: MembersDocument,
  error: [invalidQuery, ...problems("forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "user:read")
  .annotate(OpenApi.Summary, "The users, in the order of their addresses")
  .annotate(
    OpenApi.Description,
    "With `query`, those that have it in their address or name. `after` takes the `next` of the answer before."
  )

export const getUser = HttpApiEndpoint.get("getUser", "/users/:id", {
  params: id,
  success: MemberDocument,
  error: [invalidQuery, ...problems("forbidden", "not-found")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "user:read")
  .annotate(OpenApi.Summary, "A user")

export const setDisabled = HttpApiEndpoint.patch("setDisabled", "/users/:id", {
  params: id,
  payload: Schema.Struct({ disabled: Schema.Boolean }),
  success: MemberDocument,
  error: problems("invalid-request", "forbidden", "not-found", "last-administrator")
})
  .middleware(Caller)
  .annotate(NeedsPermission, "user:write")
  .annotate(OpenApi.Summary, "Keep a user out and end their sessions, or let them in again")

export const setRoles = HttpApiEndpoint.put("setRoles", "/users/:id/roles", {
  params: id,
  payload: Schema.Struct({ roles: Schema.Array(RoleName) }),
  success: MemberDocument,
  error: problems("invalid-request", "forbidden", "not-found", "last-administrator")
})
  .middleware(Caller)
  .annotate(NeedsPermission, "role:assign")
  .annotate(OpenApi.Summary, "Give a user these roles in place of those they have")
  .annotate(
    OpenApi.Description,
    "Nobody grants what they do not hold; an administrator's roles are for administrators."
  )

export const deleteUser = HttpApiEndpoint.delete("deleteUser", "/users/:id", {
  params: id,
  error: [invalidQuery, ...problems("forbidden", "not-found", "last-administrator")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "user:write")
  .annotate(OpenApi.Summary, "Delete a user and whatever is theirs")

export const endSessions = HttpApiEndpoint.delete("endSessions", "/users/:id/sessions", {
  params: id,
  error: [invalidQuery, ...problems("forbidden", "not-found")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "user:write")
  .annotate(OpenApi.Summary, "End all sessions of a user")

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
  .annotate(OpenApi.Description, "Nobody grants what they do not hold.")

export const removeRole = HttpApiEndpoint.delete("removeRole", "/roles/:name", {
  params: { name: RoleName },
  error: [invalidQuery, ...problems("forbidden", "not-found", "built-in-role", "role-in-use", "last-administrator")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "role:write")
  .annotate(OpenApi.Summary, "Remove a role that nobody has")

export class Administration extends HttpApiGroup.make("administration", { topLevel: true })
  .add(
    listUsers,
    getUser,
    setDisabled,
    setRoles,
    deleteUser,
    endSessions,
    listRoles,
    defineRole,
    removeRole,
    listEvents
  )
  .annotate(OpenApi.Title, "Administration") {}
