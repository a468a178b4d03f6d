import { Duration, Effect, Option } from "effect"
import type { SessionId } from "../session/Session.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { TokenStorage } from "./TokenStorage.ts"

const key = (session: SessionId) => `revoked:${session}`

/**
 * From now on no access token of the session is accepted. Kept as long as one could still be alive, and not longer:
 * access tokens outlive their session by at most their own lifetime.
 */
export const revoke = Effect.fn("revoke")(function* (session: SessionId, reason: string) {
  const storage = yield* TokenStorage
  const { accessTtl, leeway } = yield* TokenSettings
  yield* storage.store(key(session), reason, Duration.sum(accessTtl, Duration.times(leeway, 2)))
})

export const isRevoked = Effect.fnUntraced(function* (session: SessionId) {
  const storage = yield* TokenStorage
  return Option.isSome(yield* storage.get(key(session)))
})
