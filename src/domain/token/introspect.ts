import { DateTime, Effect, Option, type Redacted } from "effect"
import type { Grant } from "../access/Permission.ts"
import type { User } from "../identity/User.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { isLive } from "../session/lifetime.ts"
import { SessionStore } from "../session/SessionStore.ts"
import type { AccessTokenClaims } from "./AccessToken.ts"
import { authenticate } from "./authenticate.ts"
import { accessClaims, refreshClaims } from "./claims.ts"
import { REFRESH_TOKEN_TYPE, type RefreshTokenClaims } from "./RefreshToken.ts"
import { RefreshTokens } from "./RefreshTokens.ts"
import { TokenRevoked } from "./TokenError.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { type OpenedToken, TokenSigner } from "./TokenSigner.ts"

/** What a token is worth at this moment (RFC 7662 §2.2). */
export type Introspection =
  | { readonly _tag: "Inactive" }
  | {
      readonly _tag: "Access"
      readonly claims: AccessTokenClaims
      /** As they are now, which may be another scope than the token was issued with. */
      readonly user: User
      readonly grants: ReadonlyArray<Grant>
    }
  | { readonly _tag: "Refresh"; readonly claims: RefreshTokenClaims; readonly user: User }

const INACTIVE: Introspection = { _tag: "Inactive" }

/** An access token is worth what it would be worth here: nothing is decided a second time. */
const introspectAccess = Effect.fnUntraced(function* (token: Redacted.Redacted<string>, opened: OpenedToken) {
  const { user, grants } = yield* authenticate(token)
  const claims = yield* Effect.fromResult(accessClaims(opened, yield* DateTime.now, yield* TokenSettings))
  return { _tag: "Access", claims, user, grants } satisfies Introspection
})

/** A refresh token that could still be used: its family's live one, of a session that is open. */
const introspectRefresh = Effect.fnUntraced(function* (opened: OpenedToken) {
  const sessions = yield* SessionStore
  const users = yield* UserRepository
  const tokens = yield* RefreshTokens
  const now = yield* DateTime.now
  const claims = yield* Effect.fromResult(refreshClaims(opened, now, yield* TokenSettings))
  const session = yield* sessions.find(claims.sid)
  if (Option.isNone(session) || !isLive(session.value, now)) return yield* new TokenRevoked()
  const user = yield* users.findById(claims.sub)
  if (Option.isNone(user) || user.value.disabled) return yield* new TokenRevoked()
  if (!(yield* tokens.isLive(claims.jti, claims.sid))) return yield* new TokenRevoked()
  return { _tag: "Refresh", claims, user: user.value } satisfies Introspection
})

/** Whether a token is live, and what it says. Why one is not live is nobody's business (RFC 7662 §2.2). */
export const introspect = Effect.fn("introspect")(
  function* (token: Redacted.Redacted<string>) {
    const signer = yield* TokenSigner
    const opened = yield* signer.open(token)
    const found: Introspection =
      opened.type === REFRESH_TOKEN_TYPE ? yield* introspectRefresh(opened) : yield* introspectAccess(token, opened)
    return found
  },
  Effect.catchTag(["TokenExpired", "TokenInvalid", "TokenRevoked"], () => Effect.succeed(INACTIVE))
)
