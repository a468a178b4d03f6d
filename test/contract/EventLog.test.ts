import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { EventLog } from "../../src/domain/event/EventLog.ts"
import { EventId, SecurityEvent } from "../../src/domain/event/SecurityEvent.ts"
import { UserId } from "../../src/domain/identity/User.ts"
import { SessionId } from "../../src/domain/session/Session.ts"
import { UnitOfWork } from "../../src/domain/storage/UnitOfWork.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { databases, ports } from "../support/database.ts"

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

describe.each(databases)("EventLog over a database %s", (_where, database) => {
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

  it.effect("gives back what was appended, newest first, many of one millisecond included", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const bare = { userId: null, actorId: null, sessionId: null, ipAddress: null, userAgent: null, detail: {} }
      const events = Array.from({ length: 25 }, (_, index) =>
        event({
          ...(index % 2 === 0 ? bare : {}),
          id: EventId.make(`${index}`.padStart(2, "0")),
          at: DateTime.add(at, { milliseconds: Math.floor(index / 10) })
        })
      )
      for (const each of events) yield* log.append(each)
      const found: Array<SecurityEvent> = []
      let before: SecurityEvent | undefined
      for (;;) {
        const page = yield* log.page({ limit: 4, ...(before && { before }) })
        found.push(...page)
        before = page.at(-1)
        if (before === undefined) break
      }
      assert.deepStrictEqual(found, events.toReversed())
    }).pipe(Effect.provide(layer))
  )

  it.effect("finds those of one user, of one type, or both", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const [ada, bob] = [UserId.make("ada"), UserId.make("bob")]
      yield* log.append(event({ id: EventId.make("1"), userId: ada }))
      yield* log.append(event({ id: EventId.make("2"), userId: ada, type: "sign-out" }))
      yield* log.append(event({ id: EventId.make("3"), userId: bob, actorId: ada }))
      yield* log.append(event({ id: EventId.make("4"), userId: null }))
      const ids = (wanted: object) =>
        Effect.map(log.page({ limit: 10, ...wanted }), (page) => page.map(({ id }) => id).join(""))
      assert.strictEqual(yield* ids({}), "4321")
      assert.strictEqual(yield* ids({ userId: ada }), "21")
      assert.strictEqual(yield* ids({ type: "sign-in.failed" }), "431")
      assert.strictEqual(yield* ids({ userId: ada, type: "sign-out" }), "2")
      assert.strictEqual(yield* ids({ userId: bob, type: "sign-out" }), "")
      assert.strictEqual(yield* ids({ userId: ada, before: { at, id: EventId.make("2") } }), "1")
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
