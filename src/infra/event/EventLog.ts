import { DateTime, Duration, Effect, Layer, Schema } from "effect"
import { type Selectable, sql } from "kysely"
import { EventLog } from "../../domain/event/EventLog.ts"
import { EventId, SecurityEvent } from "../../domain/event/SecurityEvent.ts"
import { UserId } from "../../domain/identity/User.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { Database } from "../database/Database.ts"
import type { Tables } from "../database/entities.ts"
import { removing } from "../database/removing.ts"
import { EventSettings } from "./EventSettings.ts"

const SWEEP_EVERY = Duration.hours(1)

type Row = Selectable<Tables["security_event"]>

const Detail = Schema.fromJsonString(Schema.Record(Schema.String, Schema.String))

const toEvent = (row: Row): SecurityEvent =>
  new SecurityEvent({
    id: EventId.make(row.id),
    type: row.type,
    at: DateTime.makeUnsafe(row.at),
    outcome: row.outcome,
    userId: row.user_id === null ? null : UserId.make(row.user_id),
    actorId: row.actor_id === null ? null : UserId.make(row.actor_id),
    sessionId: row.session_id === null ? null : SessionId.make(row.session_id),
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    detail: Schema.decodeSync(Detail)(row.detail)
  })

const toRow = (event: SecurityEvent): Row => ({
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

const make = Effect.gen(function* () {
  const { read, run } = yield* Database
  const { retention } = yield* EventSettings

  yield* removing("old events", SWEEP_EVERY, { table: "security_event", key: ["id"], from: "at", kept: retention })

  return EventLog.of({
    append: (event) =>
      run(async (tables) => {
        await tables.insertInto("security_event").values(toRow(event)).execute()
      }),
    page: ({ userId, type, before, limit }) =>
      read(async (tables) => {
        let events = tables.selectFrom("security_event").selectAll()
        if (userId !== undefined) events = events.where("user_id", "=", userId)
        // A type may be most of the trail, a user is little of it: with both, the index is to be the user's.
        if (type !== undefined) {
          events = events.where(userId === undefined ? sql.ref("type") : sql<string>`type || ''`, "=", type)
        }
        if (before !== undefined) {
          const at = DateTime.toEpochMillis(before.at)
          events = events.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple<number, string>(at, before.id)))
        }
        const rows = await events.orderBy("at", "desc").orderBy("id", "desc").limit(limit).execute()
        return rows.map(toEvent)
      })
  })
})

export const layer = Layer.effect(EventLog, make)
