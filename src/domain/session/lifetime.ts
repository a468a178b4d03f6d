import { DateTime } from "effect"
import type { Session } from "./Session.ts"

/** Whether the session still counts: not closed, and before its end. */
export const isLive = (session: Session, now: DateTime.Utc): boolean =>
  session.closed === null && DateTime.isLessThan(now, session.expiresAt)
