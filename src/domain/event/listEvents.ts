import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import { pageOf } from "../pageOf.ts"
import { EventLog, type EventsWanted } from "./EventLog.ts"
import { asOwnerSees } from "./asOwnerSees.ts"

/** One page of the event trail, newest first, as administrators see it; `next` is where the one after it begins. */
export const listEvents = Effect.fn("listEvents")(function* ({ limit, ...wanted }: EventsWanted) {
  const log = yield* EventLog
  const { items, last } = pageOf(yield* log.page({ ...wanted, limit: limit + 1 }), limit)
  return { events: items, ...(last !== undefined && { next: { at: last.at, id: last.id } }) }
})

/** One page of what happened to the caller, as far as that is for them to see. */
export const listOwnEvents = Effect.fn("listOwnEvents")(function* (
  { user }: Principal,
  wanted: Omit<EventsWanted, "userId" | "type">
) {
  const { events, ...rest } = yield* listEvents({ ...wanted, userId: user.id })
  return { events: events.map(asOwnerSees), ...rest }
})
