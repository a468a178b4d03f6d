import { DateTime, Order } from "effect"
import type { Session } from "./Session.ts"

const oldestFirst = Order.mapInput(DateTime.Order, (session: Session) => session.createdAt)

/**
 * The live sessions that must close so that one more leaves at most `atMost`: the oldest, as many as are too many.
 */
export const surplus = (live: ReadonlyArray<Session>, atMost: number): ReadonlyArray<Session> =>
  live.toSorted(oldestFirst).slice(0, Math.max(0, live.length + 1 - atMost))
