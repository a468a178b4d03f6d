import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as OpenApi from "effect/http-api/OpenApi"
import { RoleName } from "../../domain/access/Role.ts"
import { UserId } from "../../domain/identity/User.ts"
import { BodyExample } from "./BodyExample.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { UserCursor } from "./cursor.ts"
import { MemberDocument } from "./documents.ts"
import { goesOn, limit } from "./paging.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"
import { searchText } from "./SearchText.ts"

const id = { id: UserId }

export const MembersDocument = Schema.Struct({
  users: Schema.Array(MemberDocument),
  next: Schema.optionalKey(UserCursor)
}).annotate({ identifier: "Members" })

export const listUsers = HttpApiEndpoint.get("listUsers", "/users", {
  query: {
    query: Schema.optionalKey(searchText(254).annotateKey({ description: "Part of the address or of the name" })),
    ...limit,
    after: Schema.optionalKey(UserCursor.annotateKey(goesOn))
  },
  success: MembersDocument,
  error: [invalidQuery, ...problems("forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "user:read")
  .annotate(OpenApi.Summary, "The users, in the order of their addresses")

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
  .annotate(BodyExample, { disabled: true })

export const setRoles = HttpApiEndpoint.put("setRoles", "/users/:id/roles", {
  params: id,
  payload: Schema.Struct({ roles: Schema.Array(RoleName) }),
  success: MemberDocument,
  error: problems("invalid-request", "forbidden", "not-found", "last-administrator")
})
  .middleware(Caller)
  .annotate(NeedsPermission, "role:assign")
  .annotate(OpenApi.Summary, "Give a user these roles in place of those they have")
  .annotate(BodyExample, { roles: ["viewer", "auditor"] })
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
