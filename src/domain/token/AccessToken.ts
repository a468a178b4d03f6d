import { Duration, Schema } from "effect"
import { RoleName } from "../access/Role.ts"
import { sessionClaims } from "./SessionClaims.ts"

/** The media type in the header (RFC 9068 §2.1), so that no other kind of token passes for an access token. */
export const ACCESS_TOKEN_TYPE = "at+jwt"

/** `client_id` (RFC 9068 §2.2): tokens are issued to Keyhole's own first-party client. */
export const CLIENT_ID = "keyhole"

/** What no configuration goes beyond. */
export const LONGEST_ACCESS_TTL = Duration.days(1)

/** The claims of an access token (RFC 9068 §2.2) and the session it belongs to. Times in seconds. */
export const AccessTokenClaims = Schema.Struct({
  ...sessionClaims,
  roles: Schema.Array(RoleName),
  scope: Schema.String,
  client_id: Schema.String
})
export type AccessTokenClaims = typeof AccessTokenClaims.Type
