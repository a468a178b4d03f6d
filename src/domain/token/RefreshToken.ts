import { DateTime, Schema } from "effect"
import { UserId } from "../identity/User.ts"
import { SessionId } from "../session/Session.ts"
import { sessionClaims } from "./SessionClaims.ts"
import { TokenId } from "./TokenId.ts"
import { KeyId } from "./TokenSigner.ts"

/** The media type in the header, so that a refresh token never passes for an access token (RFC 8725 §3.11). */
export const REFRESH_TOKEN_TYPE = "rt+jwt"

/** The claims of a refresh token. Times in seconds. */
export const RefreshTokenClaims = Schema.Struct(sessionClaims)
export type RefreshTokenClaims = typeof RefreshTokenClaims.Type

/**
 * What is kept of a refresh token: enough to sign the very same string again, and nothing that could be presented as one.
 * The tokens of one session are one family (RFC 9700 §4.14.2): a chain in which each was replaced by the next.
 */
export class RefreshToken extends Schema.Class<RefreshToken>("RefreshToken")({
  id: TokenId,
  sessionId: SessionId,
  userId: UserId,
  keyId: KeyId,
  issuedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc
}) {}

const seconds = (at: DateTime.Utc): number => Math.floor(DateTime.toEpochMillis(at) / 1000)

/** The claims of a kept token; the same ones, in the same order, every time. */
export const claimsOf = (
  token: RefreshToken,
  settings: { readonly issuer: string; readonly audience: string }
): RefreshTokenClaims => ({
  iss: settings.issuer,
  aud: settings.audience,
  sub: token.userId,
  exp: seconds(token.expiresAt),
  iat: seconds(token.issuedAt),
  nbf: seconds(token.issuedAt),
  jti: token.id,
  sid: token.sessionId
})
