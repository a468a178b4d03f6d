import { DateTime, Effect, Option, type Redacted } from "effect"
import { grantsNow } from "../access/definedRoles.ts"
import type { Principal } from "../access/Principal.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { accessClaims } from "./claims.ts"
import { isRevoked } from "./revocation.ts"
import { TokenRevoked } from "./TokenError.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { TokenSigner } from "./TokenSigner.ts"

/**
 * Who presents this access token. The signature and the claims say who it was issued to; whether that still holds, and
 * what they may do, is asked anew each time, so that a log-out, a disabled account or a lost role counts at once.
 *
 * Without a span: every request comes by here, and nearly always waits for nothing.
 */
export const authenticate = Effect.fnUntraced(function* (token: Redacted.Redacted<string>) {
  const signer = yield* TokenSigner
  const users = yield* UserRepository
  const opened = yield* signer.open(token)
  const claims = yield* Effect.fromResult(accessClaims(opened, yield* DateTime.now, yield* TokenSettings))
  if (yield* isRevoked(claims.sid)) return yield* new TokenRevoked()
  const user = yield* users.findById(claims.sub)
  if (Option.isNone(user) || user.value.disabled) return yield* new TokenRevoked()
  const principal: Principal = {
    user: user.value,
    sessionId: claims.sid,
    kind: "token",
    grants: yield* grantsNow(user.value.roles)
  }
  return principal
})
