import { Schema } from "effect"
import { UserId } from "../identity/User.ts"
import { SessionId } from "../session/Session.ts"

export const EventId = Schema.String.pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

export const EventType = Schema.Literals([
  "user.registered",
  "user.disabled",
  "user.enabled",
  "user.deleted",
  "sign-in.succeeded",
  "sign-in.failed",
  "sign-out",
  "session.closed",
  "token.refreshed",
  "refresh.reused",
  "password.changed",
  "roles.changed",
  "role.changed",
  "key.rotated",
  "registry.credential.set",
  "registry.credential.removed",
  "image.peeked",
  "image.carved",
  "image.downloaded"
])
export type EventType = typeof EventType.Type

/**
 * One line of the event trail: what happened, to whom (`userId`), by whom (`actorId`), from where. `detail` holds short
 * plain facts and never a secret.
 */
export class SecurityEvent extends Schema.Class<SecurityEvent>("SecurityEvent")({
  id: EventId,
  type: EventType,
  at: Schema.DateTimeUtc,
  outcome: Schema.Literals(["success", "failure"]),
  userId: Schema.NullOr(UserId),
  actorId: Schema.NullOr(UserId),
  sessionId: Schema.NullOr(SessionId),
  ipAddress: Schema.NullOr(Schema.String),
  userAgent: Schema.NullOr(Schema.String),
  detail: Schema.Record(Schema.String, Schema.String)
}) {}
