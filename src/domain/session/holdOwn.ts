import { Effect, Option } from "effect"
import type { Principal } from "../access/Principal.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { SessionStore } from "./SessionStore.ts"

/**
 * Inside a unit of work: the caller's session is open, and stays so until the unit ends. While a password was checked it may
 * have been closed, and what is closed acts no more.
 */
export const holdOwn = Effect.fn("holdOwn")(function* ({ sessionId }: Principal) {
  const sessions = yield* SessionStore
  const session = Option.getOrUndefined(yield* sessions.hold(sessionId))
  if (session === undefined || session.closed !== null) return yield* new TokenRevoked()
})
