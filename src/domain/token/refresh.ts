import { DateTime, Effect, Option, type Redacted } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { close } from "../session/close.ts"
import { isLive } from "../session/lifetime.ts"
import { SessionStore } from "../session/SessionStore.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { refreshClaims } from "./claims.ts"
import { issue, newRefreshToken } from "./issue.ts"
import type { RefreshToken } from "./RefreshToken.ts"
import { RefreshTokens } from "./RefreshTokens.ts"
import { rotation } from "./rotation.ts"
import { RefreshReused, TokenInvalid, TokenRevoked } from "./TokenError.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { TokenSigner } from "./TokenSigner.ts"

/**
 * Exchanges a refresh token for new tokens (RFC 6749 §6, RFC 9700 §4.14.2).
 *
 * The session is held while the token is consumed, so that a session which is revoked meanwhile stays revoked. Reuse must
 * leave the family closed, and a failure inside the unit of work would undo that: the unit therefore succeeds with what
 * was found, and the refusal comes after it.
 */
export const refresh = Effect.fn("refresh")(function* (token: Redacted.Redacted<string>, client: Client) {
  const signer = yield* TokenSigner
  const settings = yield* TokenSettings
  const opened = yield* signer.open(token)
  const claims = yield* Effect.fromResult(refreshClaims(opened, yield* DateTime.now, settings))
  const successor = yield* newRefreshToken(claims.sid, claims.sub)

  const unit = yield* UnitOfWork
  const sessions = yield* SessionStore
  const users = yield* UserRepository
  const refreshTokens = yield* RefreshTokens
  const outcome = yield* unit.transaction(
    Effect.gen(function* () {
      const now = yield* DateTime.now
      const session = Option.getOrUndefined(yield* sessions.hold(claims.sid))
      const user = Option.getOrUndefined(yield* users.findById(claims.sub))
      if (session === undefined || user === undefined) return new TokenInvalid({ reason: "nobody's session" })
      if (!isLive(session, now) || user.disabled) return new TokenRevoked()

      const handOut = (live: RefreshToken) => ({ user, live })
      const decision = rotation(yield* refreshTokens.consume(claims.jti, successor, now), now, settings.refreshGrace)
      switch (decision._tag) {
        case "Rotate":
          yield* sessions.prolong(session.id, now, successor.expiresAt)
          yield* record({ type: "token.refreshed", client, userId: user.id, sessionId: session.id })
          return handOut(successor)
        case "Repeat":
          return handOut(decision.live)
        case "CloseFamily":
          yield* record({
            type: "refresh.reused",
            outcome: "failure",
            client,
            userId: user.id,
            sessionId: session.id
          })
          yield* close(session, "refresh-reused", client)
          return new RefreshReused()
        case "Refuse":
          return new TokenInvalid({ reason: "unknown refresh token" })
      }
    })
  )
  if ("live" in outcome) return yield* issue(outcome.user, outcome.live)
  return yield* outcome
})
