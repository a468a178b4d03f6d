import { Schema } from "effect"
import { Client } from "../Client.ts"
import { UserId } from "../identity/User.ts"

export const SessionId = Schema.String.check(
  Schema.isPattern(/^sess_[0-9a-f]{16}$/u, { expected: "sess_ and 16 hex digits" })
).pipe(Schema.brand("SessionId"))
export type SessionId = typeof SessionId.Type

/** Why a session ended. Closed is terminal: nothing opens a session again. */
export const CloseReason = Schema.Literals([
  "signed-out",
  "closed-by-user",
  "closed-by-administrator",
  "superseded",
  "refresh-reused",
  "password-changed",
  "user-disabled",
  "user-deleted",
  "expired"
])
export type CloseReason = typeof CloseReason.Type

/**
 * One sign-in on one device. A `token` session lives as long as its refresh token; a `cookie` session slides with use.
 */
export class Session extends Schema.Class<Session>("Session")({
  id: SessionId,
  kind: Schema.Literals(["token", "cookie"]),
  userId: UserId,
  client: Client,
  createdAt: Schema.DateTimeUtc,
  lastSeenAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc,
  closed: Schema.NullOr(Schema.Struct({ at: Schema.DateTimeUtc, reason: CloseReason }))
}) {}
