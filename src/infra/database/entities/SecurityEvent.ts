import { defineEntity, p } from "@mikro-orm/core"
import type { EventType, SecurityEvent as DomainEvent } from "../../../domain/event/SecurityEvent.ts"

/** No foreign keys: the trail outlives what it tells about. */
export const SecurityEvent = defineEntity({
  name: "SecurityEvent",
  tableName: "security_event",
  // Every list is newest first; the sweep takes the oldest.
  indexes: [
    { name: "security_event_at", properties: ["at", "id"] },
    { name: "security_event_of_user", properties: ["userId", "at", "id"] },
    { name: "security_event_of_type", properties: ["type", "at", "id"] }
  ],
  properties: {
    id: p.text().primary(),
    type: p.text().$type<EventType>(),
    at: p.bigint("number"),
    outcome: p.text().$type<DomainEvent["outcome"]>(),
    userId: p.text().nullable(),
    actorId: p.text().nullable(),
    sessionId: p.text().nullable(),
    ipAddress: p.text().nullable(),
    userAgent: p.text().nullable(),
    detail: p.text()
  }
})
