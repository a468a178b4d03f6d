import { DateTime, Effect, Layer } from "effect"
import { EventLog } from "../../domain/event/EventLog.ts"
import { Database } from "../database/Database.ts"

export const layer = Layer.effect(
  EventLog,
  Effect.map(Database, ({ run }) =>
    EventLog.of({
      append: (event) =>
        run(async (tables) => {
          await tables
            .insertInto("security_event")
            .values({
              id: event.id,
              type: event.type,
              at: DateTime.toEpochMillis(event.at),
              outcome: event.outcome,
              user_id: event.userId,
              actor_id: event.actorId,
              session_id: event.sessionId,
              ip_address: event.ipAddress,
              user_agent: event.userAgent,
              detail: JSON.stringify(event.detail)
            })
            .execute()
        })
    })
  )
)
