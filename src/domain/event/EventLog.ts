import { Context, type Effect } from "effect"
import type { UserId } from "../identity/User.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { EventType, SecurityEvent } from "./SecurityEvent.ts"

/** Where a page of events ends; the next one goes on before it. */
type EventPosition = Pick<SecurityEvent, "at" | "id">

export interface EventsWanted {
  readonly userId?: UserId
  readonly type?: EventType
  readonly before?: EventPosition
  readonly limit: number
}

/** The event trail. What is appended inside a unit of work is committed with it. */
export class EventLog extends Context.Service<
  EventLog,
  {
    readonly append: (event: SecurityEvent) => Effect.Effect<void, StorageUnavailable>
    /** Newest first; those of one user, of one type, or all. */
    readonly page: (wanted: EventsWanted) => Effect.Effect<ReadonlyArray<SecurityEvent>, StorageUnavailable>
  }
>()("keyhole/domain/event/EventLog") {}
