import { DateTime, Effect, Metric } from "effect"
import type { Client } from "../Client.ts"
import { Identifiers } from "../Identifiers.ts"
import type { UserId } from "../identity/User.ts"
import type { SessionId } from "../session/Session.ts"
import { EventLog } from "./EventLog.ts"
import { type EventType, SecurityEvent } from "./SecurityEvent.ts"

/** What is to be told of, as who tells it knows it. */
export interface Happening {
  readonly type: EventType
  readonly client: Client
  readonly outcome?: "success" | "failure"
  readonly userId?: UserId
  /** Who did it, when that is not the user it happened to; null for an operator at the command line. */
  readonly actorId?: UserId | null
  readonly sessionId?: SessionId
  readonly detail?: Readonly<Record<string, string>>
}

const happened = Metric.counter("keyhole_events_total", {
  description: "What was written to the event trail, by type, outcome and reason",
  incremental: true
})

/** Appends what happened, now, and tells what was written. */
export const record = Effect.fn("record")(function* (happening: Happening) {
  const log = yield* EventLog
  const identifiers = yield* Identifiers
  const event = new SecurityEvent({
    id: yield* identifiers.event,
    at: yield* DateTime.now,
    type: happening.type,
    outcome: happening.outcome ?? "success",
    userId: happening.userId ?? null,
    actorId: happening.actorId === undefined ? (happening.userId ?? null) : happening.actorId,
    sessionId: happening.sessionId ?? null,
    ipAddress: happening.client.ipAddress,
    userAgent: happening.client.userAgent,
    detail: happening.detail ?? {}
  })
  yield* log.append(event)
  const { type, outcome } = event
  const reason = happening.detail?.["reason"]
  yield* Metric.update(Metric.withAttributes(happened, { type, outcome, ...(reason !== undefined && { reason }) }), 1)
  return event
})
