import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { SessionId } from "../../domain/session/Session.ts"
import { Caller } from "./Caller.ts"
import { SessionDocument, UserDocument } from "./documents.ts"
import { invalidQuery, problems } from "./Problem.ts"

export const me = HttpApiEndpoint.get("me", "/users/me", { success: UserDocument, error: invalidQuery })
  .middleware(Caller)
  .annotate(OpenApi.Summary, "Who is calling")

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

export class Account extends HttpApiGroup.make("account", { topLevel: true })
  .add(me, listSessions, closeSession)
  .annotate(OpenApi.Title, "Account and sessions") {}
