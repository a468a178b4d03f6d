import { DateTime, Effect } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import type { UserId } from "../identity/User.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { revoke } from "../token/revocation.ts"
import type { CloseReason, Session } from "./Session.ts"
import { SessionStore } from "./SessionStore.ts"

/**
 * Ends a session and, in the same unit of work, revokes its tokens and leaves a trace: there is no moment at which one of
 * the three is true and another is not. True for the call that closed it; a session that was closed stays as it was, and its
 * tokens are revoked once more: whoever closed it may have ended before everybody knew, and this call promises that all do.
 */
export const close = Effect.fn("close")(function* (
  session: Session,
  reason: CloseReason,
  client: Client,
  actorId: UserId | null = session.userId
) {
  const sessions = yield* SessionStore
  const unit = yield* UnitOfWork
  return yield* unit.transaction(
    Effect.gen(function* () {
      const closed = yield* sessions.close(session.id, reason, yield* DateTime.now)
      yield* revoke(session.id, reason)
      if (closed) {
        yield* record({
          type: reason === "signed-out" ? "sign-out" : "session.closed",
          client,
          userId: session.userId,
          actorId,
          sessionId: session.id,
          detail: { reason }
        })
      }
      return closed
    })
  )
})
