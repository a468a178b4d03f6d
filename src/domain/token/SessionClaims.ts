import { Schema } from "effect"
import { UserId } from "../identity/User.ts"
import { SessionId } from "../session/Session.ts"
import { TokenId } from "./TokenId.ts"

/** The claims every token of a session has: the registered ones (RFC 7519 §4.1) and the session. Times in seconds. */
export const sessionClaims = {
  iss: Schema.String,
  aud: Schema.String,
  sub: UserId,
  exp: Schema.Int,
  iat: Schema.Int,
  nbf: Schema.Int,
  jti: TokenId,
  sid: SessionId
}
