import { DateTime, Effect, Option } from "effect"
import { grantsNow } from "../access/definedRoles.ts"
import type { Principal } from "../access/Principal.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { TokenExpired, TokenInvalid, TokenRevoked } from "../token/TokenError.ts"
import { endAfterUse, isLive, isWorthNoting } from "./lifetime.ts"
import type { SessionSecret } from "./SessionSecret.ts"
import { SessionSettings } from "./SessionSettings.ts"
import { SessionStore } from "./SessionStore.ts"

/**
 * Who comes with this cookie. Whether the session lives, and what its user may do, is asked anew each time; being used
 * prolongs it. Without a span, as `authenticate`.
 */
export const recognize = Effect.fnUntraced(function* (secret: SessionSecret) {
  const sessions = yield* SessionStore
  const users = yield* UserRepository
  const settings = yield* SessionSettings
  const now = yield* DateTime.now
  const session = Option.getOrUndefined(yield* sessions.findBySecret(secret))
  if (session === undefined) return yield* new TokenInvalid({ reason: "nobody's cookie" })
  // Of a session whose time is over, to have been closed for that changes nothing.
  if (session.closed !== null && session.closed.reason !== "expired") return yield* new TokenRevoked()
  if (!isLive(session, now)) return yield* new TokenExpired()
  const user = yield* users.findById(session.userId)
  if (Option.isNone(user) || user.value.disabled) return yield* new TokenRevoked()
  if (isWorthNoting(session, now, settings)) {
    yield* sessions.prolong(session.id, now, endAfterUse(session.createdAt, now, settings))
  }
  const principal: Principal = {
    user: user.value,
    sessionId: session.id,
    kind: "cookie",
    grants: yield* grantsNow(user.value.roles)
  }
  return principal
})
