import { DateTime, Effect } from "effect"
import { noClient } from "../Client.ts"
import { close } from "./close.ts"
import type { Session } from "./Session.ts"
import { SessionStore } from "./SessionStore.ts"

/** Closes a session whose time is over, which nobody did. */
export const closeExpired = (session: Session) => close(session, "expired", noClient, null)

/**
 * Closes at most `limit` sessions whose time is over, and tells how many there were. They count no longer as it is; closed, they
 * leave a trace, and no access token of theirs that was given a longer life outlives them.
 */
export const closeEnded = Effect.fn("closeEnded")(function* (limit: number) {
  const sessions = yield* SessionStore
  const ended = yield* sessions.ended(yield* DateTime.now, limit)
  yield* Effect.forEach(ended, closeExpired, { discard: true })
  return ended.length
})
