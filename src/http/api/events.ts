import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as OpenApi from "effect/http-api/OpenApi"
import { EventType } from "../../domain/event/SecurityEvent.ts"
import { UserId } from "../../domain/identity/User.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { Caller, NeedsPermission } from "./Caller.ts"
import { EventCursor } from "./cursor.ts"
import { Instant } from "./Instant.ts"
import { goesOn, limit } from "./paging.ts"
import { invalidQuery, problems } from "./problem/schemas.ts"

const EventDocument = Schema.Struct({
  id: Schema.String,
  type: EventType,
  at: Instant,
  outcome: Schema.Literals(["success", "failure"]),
  user_id: Schema.optionalKey(UserId),
  actor_id: Schema.optionalKey(UserId),
  session_id: Schema.optionalKey(SessionId),
  ip_address: Schema.optionalKey(Schema.String),
  user_agent: Schema.optionalKey(Schema.String),
  detail: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
}).annotate({ identifier: "Event" })
export type EventDocument = typeof EventDocument.Type

export const EventsDocument = Schema.Struct({
  events: Schema.Array(EventDocument),
  next: Schema.optionalKey(EventCursor)
}).annotate({ identifier: "Events" })

const page = { ...limit, before: Schema.optionalKey(EventCursor.annotateKey(goesOn)) }

export const listOwnEvents = HttpApiEndpoint.get("listOwnEvents", "/users/me/events", {
  query: page,
  success: EventsDocument,
  error: invalidQuery
})
  .middleware(Caller)
  .annotate(OpenApi.Summary, "What happened to the caller's account, newest first")
  .annotate(
    OpenApi.Description,
    "Why a sign-in failed is not told here, nor from where an administrator did something."
  )

export const listEvents = HttpApiEndpoint.get("listEvents", "/events", {
  query: {
    user_id: Schema.optionalKey(UserId.annotateKey({ description: "Only events about this user" })),
    type: Schema.optionalKey(EventType.annotateKey({ description: "Only events of this type" })),
    ...page
  },
  success: EventsDocument,
  error: [invalidQuery, ...problems("forbidden")]
})
  .middleware(Caller)
  .annotate(NeedsPermission, "event:read")
  .annotate(OpenApi.Summary, "What happened, newest first")
  .annotate(
    OpenApi.Description,
    "An event is about `user_id`; `actor_id` did it, and is missing when it was the command line or nobody who is known."
  )
