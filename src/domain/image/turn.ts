import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import { isRevoked } from "../token/revocation.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { ReadingRoom } from "./ReadingRoom.ts"

/**
 * Waits for the caller's turn to read an image, which nobody has whose session was closed meanwhile. Gives what ends the turn;
 * the scope does so too.
 */
export const turn = Effect.fnUntraced(function* ({ user, sessionId }: Principal) {
  const room = yield* ReadingRoom
  const leave = yield* room.enter(user.id)
  if (yield* isRevoked(sessionId)) return yield* new TokenRevoked()
  return leave
})
