import { Duration, Effect, Option } from "effect"
import type { SessionId } from "../session/Session.ts"
import { LONGEST_ACCESS_TTL } from "./AccessToken.ts"
import { LONGEST_LEEWAY } from "./TokenSettings.ts"
import { TokenStorage } from "./TokenStorage.ts"

/** What the token storage holds for a session whose access tokens are accepted no more. */
export const revocationOf = (session: SessionId) => `revoked:${session}`

/** As long as any access token of a session could still be alive, under whatever settings it was issued or is checked. */
const KEPT = Duration.sum(LONGEST_ACCESS_TTL, Duration.times(LONGEST_LEEWAY, 2))

/** From now on no access token of the session is accepted. */
export const revoke = Effect.fn("revoke")(function* (session: SessionId, reason: string) {
  const storage = yield* TokenStorage
  yield* storage.store(revocationOf(session), reason, KEPT)
})

export const isRevoked = Effect.fnUntraced(function* (session: SessionId) {
  const storage = yield* TokenStorage
  return Option.isSome(yield* storage.get(revocationOf(session)))
})
