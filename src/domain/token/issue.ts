import { DateTime, Duration, Effect, type Redacted } from "effect"
import { grantsNow } from "../access/definedRoles.ts"
import type { Grant } from "../access/Permission.ts"
import { Identifiers } from "../Identifiers.ts"
import type { User, UserId } from "../identity/User.ts"
import type { SessionId } from "../session/Session.ts"
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims, CLIENT_ID } from "./AccessToken.ts"
import { claimsOf, REFRESH_TOKEN_TYPE, RefreshToken } from "./RefreshToken.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { TokenSigner } from "./TokenSigner.ts"

/** What a sign-in or a refresh hands out. */
export interface Tokens {
  readonly accessToken: Redacted.Redacted<string>
  readonly accessExpiresIn: Duration.Duration
  readonly refreshToken: Redacted.Redacted<string>
  readonly refreshExpiresIn: Duration.Duration
  readonly sessionId: SessionId
  readonly user: User
  /** What the user's roles grant at this moment. */
  readonly grants: ReadonlyArray<Grant>
}

/** A refresh token for the session, to be kept before it is signed and handed out. */
export const newRefreshToken = Effect.fnUntraced(function* (sessionId: SessionId, userId: UserId) {
  const identifiers = yield* Identifiers
  const signer = yield* TokenSigner
  const { refreshTtl } = yield* TokenSettings
  const issuedAt = yield* DateTime.now
  return new RefreshToken({
    id: yield* identifiers.token,
    sessionId,
    userId,
    keyId: yield* signer.currentKey,
    issuedAt,
    expiresAt: DateTime.addDuration(issuedAt, refreshTtl)
  })
})

/**
 * Signs a new access token, and the session's live refresh token, which is the same string however often it is signed. The
 * access token ends with the refresh token at the latest: that is when the session does.
 */
export const issue = Effect.fn("issue")(function* (user: User, refreshToken: RefreshToken) {
  const identifiers = yield* Identifiers
  const signer = yield* TokenSigner
  const settings = yield* TokenSettings
  const now = yield* DateTime.now
  const grants = yield* grantsNow(user.roles)
  const refreshClaims = claimsOf(refreshToken, settings)
  const issuedAt = Math.floor(DateTime.toEpochMillis(now) / 1000)
  const left = DateTime.distance(now, refreshToken.expiresAt)
  const claims: AccessTokenClaims = {
    iss: settings.issuer,
    aud: settings.audience,
    sub: user.id,
    exp: Math.min(issuedAt + Math.floor(Duration.toSeconds(settings.accessTtl)), refreshClaims.exp),
    iat: issuedAt,
    nbf: issuedAt,
    jti: yield* identifiers.token,
    sid: refreshToken.sessionId,
    roles: user.roles,
    scope: grants.join(" "),
    client_id: CLIENT_ID
  }
  const signed = yield* Effect.all(
    {
      accessToken: signer.sign(ACCESS_TOKEN_TYPE, claims, yield* signer.currentKey),
      refreshToken: signer.sign(REFRESH_TOKEN_TYPE, refreshClaims, refreshToken.keyId)
    },
    { concurrency: "unbounded" }
  )
  const tokens: Tokens = {
    ...signed,
    accessExpiresIn: Duration.min(settings.accessTtl, left),
    refreshExpiresIn: left,
    sessionId: refreshToken.sessionId,
    user,
    grants
  }
  return tokens
})
