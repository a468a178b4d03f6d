import { DateTime, Duration, Effect } from "effect"
import type { Client } from "../Client.ts"
import type { UserId } from "../identity/User.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { close } from "./close.ts"
import { closeExpired } from "./closeEnded.ts"
import { isLive } from "./lifetime.ts"
import type { CloseReason, SessionId } from "./Session.ts"
import { SessionStore } from "./SessionStore.ts"

/** How long ago a call that was cut off may have closed sessions of which not everybody has heard; clocks may differ a little. */
const JUST_NOW = Duration.seconds(5)

interface Options {
  /** This one goes on. */
  readonly except?: SessionId
  /** Who ends them, when that is not the user. */
  readonly actorId?: UserId
}

/**
 * Ends the live sessions of a user, all in one unit of work, and tells how many these were. With them it closes those that are
 * over and wait for the sweep: where clocks are forgiven, the last tokens of these would go on for as long as that. What was
 * closed just now is closed once more, as `close` does it: a call that is made again after it was cut off promises the same.
 */
export const closeAll = Effect.fn("closeAll")(function* (
  user: UserId,
  reason: CloseReason,
  client: Client,
  { except, actorId = user }: Options = {}
) {
  const sessions = yield* SessionStore
  const unit = yield* UnitOfWork
  return yield* unit.transaction(
    Effect.gen(function* () {
      const now = yield* DateTime.now
      const open = yield* sessions.holdOpenOf(user)
      const justClosed = yield* sessions.closedSince(user, DateTime.subtractDuration(now, JUST_NOW))
      const live = open.filter((session) => isLive(session, now))
      yield* Effect.forEach(
        open.filter((session) => !live.includes(session)),
        closeExpired,
        { discard: true }
      )
      const closed = yield* Effect.forEach(
        live.filter(({ id }) => id !== except),
        (session) => close(session, reason, client, actorId)
      )
      yield* Effect.forEach(justClosed, (session) => close(session, reason, client, actorId), { discard: true })
      return closed.filter((isClosed) => isClosed).length
    })
  )
})
