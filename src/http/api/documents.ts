import { Schema } from "effect"
import { Grant } from "../../domain/access/Permission.ts"
import { RoleName } from "../../domain/access/Role.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { Instant } from "./Instant.ts"

export const UserDocument = Schema.Struct({
  id: Schema.String,
  email: Schema.String,
  name: Schema.NullOr(Schema.String),
  roles: Schema.Array(RoleName),
  permissions: Schema.Array(Grant),
  created_at: Instant,
  last_login_at: Schema.NullOr(Instant)
}).annotate({ identifier: "User" })
export type UserDocument = typeof UserDocument.Type

/** A user as administrators see them. */
export const MemberDocument = Schema.Struct({ ...UserDocument.fields, disabled: Schema.Boolean }).annotate({
  identifier: "Member"
})
export type MemberDocument = typeof MemberDocument.Type

export const TokensDocument = Schema.Struct({
  access_token: Schema.String,
  token_type: Schema.Literal("Bearer"),
  expires_in: Schema.Int,
  refresh_token: Schema.String,
  refresh_expires_in: Schema.Int,
  session_id: SessionId,
  user: UserDocument
}).annotate({ identifier: "Tokens" })
export type TokensDocument = typeof TokensDocument.Type

export const SessionDocument = Schema.Struct({
  id: SessionId,
  kind: Schema.Literals(["token", "cookie"]),
  current: Schema.Boolean,
  created_at: Instant,
  last_seen_at: Instant,
  expires_at: Instant,
  ip_address: Schema.NullOr(Schema.String),
  user_agent: Schema.NullOr(Schema.String),
  device: Schema.NullOr(Schema.String),
  /** ISO 3166-1 alpha-2; only where a database of countries is configured and knows the address. */
  country: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "Session" })

/** What a sign-in with the mode `cookie` answers; the session's secret is in the cookie alone. */
export const CookieSessionDocument = Schema.Struct({ user: UserDocument, session: SessionDocument }).annotate({
  identifier: "CookieSession"
})
export type SessionDocument = typeof SessionDocument.Type
