import type { SecurityEvent } from "../../domain/event/SecurityEvent.ts"
import type { EventDocument } from "../api/events.ts"

export const viewEvent = (event: SecurityEvent): EventDocument => ({
  id: event.id,
  type: event.type,
  at: event.at,
  outcome: event.outcome,
  ...(event.userId !== null && { user_id: event.userId }),
  ...(event.actorId !== null && { actor_id: event.actorId }),
  ...(event.sessionId !== null && { session_id: event.sessionId }),
  ...(event.ipAddress !== null && { ip_address: event.ipAddress }),
  ...(event.userAgent !== null && { user_agent: event.userAgent }),
  ...(Object.keys(event.detail).length > 0 && { detail: event.detail })
})
