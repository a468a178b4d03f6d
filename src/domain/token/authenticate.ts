import { DateTime, Effect, Option, Redacted } from "effect"
import { grantsNow } from "../access/definedRoles.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { accessClaims, lifetimeOf } from "./claims.ts"
import { type Judgement, KnownCallers } from "./KnownCallers.ts"
import { isRevoked } from "./revocation.ts"
import { TokenRevoked } from "./TokenError.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { TokenSigner } from "./TokenSigner.ts"

/** What the token is worth: the signature and the claims say who it was issued to, the stores whether that still holds. */
const judge = Effect.fnUntraced(function* (token: Redacted.Redacted<string>) {
  const signer = yield* TokenSigner
  const users = yield* UserRepository
  const settings = yield* TokenSettings
  const opened = yield* signer.open(token)
  const claims = yield* Effect.fromResult(accessClaims(opened, yield* DateTime.now, settings))
  if (yield* isRevoked(claims.sid)) return yield* new TokenRevoked()
  const user = yield* users.findById(claims.sub)
  if (Option.isNone(user) || user.value.disabled) return yield* new TokenRevoked()
  const grants = yield* grantsNow(user.value.roles)
  const { from, until } = lifetimeOf(claims, settings.leeway)
  const judgement: Judgement = {
    caller: { user: user.value, sessionId: claims.sid, kind: "token", grants },
    lifetime: { from, until: Math.min(until, opened.until) }
  }
  return judgement
})

/**
 * Who presents this access token. It is judged anew whenever anything has changed that the judgement stands on, so that a
 * log-out, a disabled account or a lost role counts at once.
 *
 * Without a span: every request comes by here, and nearly always waits for nothing.
 */
export const authenticate = Effect.fnUntraced(function* (token: Redacted.Redacted<string>) {
  const callers = yield* KnownCallers
  const text = Redacted.value(token)
  return callers.recall(text) ?? (yield* callers.judged(text, judge(token)))
})
