import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { EventLog } from "../../src/domain/event/EventLog.ts"
import { EventId, SecurityEvent } from "../../src/domain/event/SecurityEvent.ts"
import { UserId } from "../../src/domain/identity/User.ts"
import { SessionId } from "../../src/domain/session/Session.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { inFile, inMemory, ports } from "../support/database.ts"

const at = DateTime.makeUnsafe("2026-11-21T10:00:00.123Z")

const event = (fields: Partial<ConstructorParameters<typeof SecurityEvent>[0]> = {}) =>
  new SecurityEvent({
    id: EventId.make("one"),
    type: "sign-in.failed",
    at,
    outcome: "failure",
    userId: UserId.make("a user who may be gone"),
    actorId: UserId.make("root"),
    sessionId: SessionId.make("sess_0000000000000001"),
    ipAddress: "192.0.2.1",
    userAgent: "curl\r\nforged: line",
    detail: { reason: "wrong-password", quote: "'\"" },
    ...fields
  })

const kept = Effect.gen(function* () {
  const { read } = yield* Database
  return yield* read((tables) => tables.selectFrom("security_event").selectAll().orderBy("id").execute())
})

describe.each([
  ["in memory", inMemory],
  ["in a file", inFile]
])("EventLog over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(ports, database)

  it.effect("keeps what was appended, whole", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const bare = { userId: null, actorId: null, sessionId: null, ipAddress: null, userAgent: null, detail: {} }
      yield* log.append(event())
      yield* log.append(event({ ...bare, id: EventId.make("two"), outcome: "success" }))
      assert.deepStrictEqual(yield* kept, [
        {
          id: "one",
          type: "sign-in.failed",
          at: DateTime.toEpochMillis(at),
          outcome: "failure",
          user_id: "a user who may be gone",
          actor_id: "root",
          session_id: "sess_0000000000000001",
          ip_address: "192.0.2.1",
          user_agent: "curl\r\nforged: line",
          detail: '{"reason":"wrong-password","quote":"\'\\""}'
        },
        {
          id: "two",
          type: "sign-in.failed",
          at: DateTime.toEpochMillis(at),
          outcome: "success",
          user_id: null,
          actor_id: null,
          session_id: null,
          ip_address: null,
          user_agent: null,
          detail: "{}"
        }
      ])
    }).pipe(Effect.provide(layer))
  )

  it.effect("commits an event with its unit of work, or not at all", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const { transaction } = yield* UnitOfWork
      yield* Effect.flip(transaction(Effect.andThen(log.append(event()), Effect.fail("no"))))
      assert.deepStrictEqual(yield* kept, [])
      yield* transaction(log.append(event()))
      assert.strictEqual((yield* kept).length, 1)
    }).pipe(Effect.provide(layer))
  )
})
