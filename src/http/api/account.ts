import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { DisplayName } from "../../domain/identity/User.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { BodyExample } from "./BodyExample.ts"
import { Caller } from "./Caller.ts"
import { listOwnEvents } from "./events.ts"
import { SessionDocument, UserDocument } from "./documents.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"
import { Secret } from "./Secret.ts"

export const me = HttpApiEndpoint.get("me", "/users/me", { success: UserDocument, error: invalidQuery })
  .middleware(Caller)
  .annotate(OpenApi.Summary, "Who is calling")

export const rename = HttpApiEndpoint.patch("rename", "/users/me", {
  payload: Schema.Struct({ name: Schema.NullOr(DisplayName) }),
  success: UserDocument,
  error: problems("invalid-request")
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "Give the caller another name to show, or none")
  .annotate(BodyExample, { name: "Ada Lovelace" })

export const changePassword = HttpApiEndpoint.put("changePassword", "/users/me/password", {
  payload: Schema.Struct({ current_password: Secret, new_password: Secret }),
  error: problems("invalid-request", "weak-password", "wrong-password", "rate-limited", "overloaded")
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "Change the caller's password, and end every other session of theirs")
  .annotate(BodyExample, { current_password: "a lighthouse at noon", new_password: "two lighthouses at noon" })

export const deleteOwn = HttpApiEndpoint.post("deleteOwn", "/users/me/delete", {
  payload: Schema.Struct({ current_password: Secret }),
  error: problems("invalid-request", "wrong-password", "last-administrator", "rate-limited", "overloaded")
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "Delete the caller's account and whatever is theirs")
  .annotate(BodyExample, { current_password: "a lighthouse at noon" })

export const listSessions = HttpApiEndpoint.get("listSessions", "/sessions", {
  success: Schema.Struct({ sessions: Schema.Array(SessionDocument) }),
  error: invalidQuery
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "The caller's live sessions, newest first")

export const closeSession = HttpApiEndpoint.delete("closeSession", "/sessions/:id", {
  params: { id: SessionId },
  error: [invalidQuery, ...problems("not-found")]
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "End one of the caller's sessions")

export const logoutAll = HttpApiEndpoint.post("logoutAll", "/auth/logout-all", {
  success: Schema.Struct({ sessions_revoked: Schema.Int }).annotate({ identifier: "LogoutAll" }),
  error: invalidQuery
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "End all of the caller's sessions, this one included")

export class Account extends HttpApiGroup.make("account", { topLevel: true })
  .add(me, rename, changePassword, deleteOwn, listOwnEvents, listSessions, closeSession, logoutAll)
  .annotate(OpenApi.Title, "Account and sessions")
  .annotate(OpenApi.Description, "What a caller has: profile, password, sessions, and what happened to them.") {}
