import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import { EventId, SecurityEvent } from "../../../src/domain/event/SecurityEvent.ts"
import { UserId } from "../../../src/domain/identity/User.ts"
import { Looks } from "../../../src/domain/image/Looks.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { EventSettings } from "../../../src/infra/event/EventSettings.ts"
import * as Trail from "../../../src/infra/event/EventLog.ts"
import * as History from "../../../src/infra/image/Looks.ts"
import { inMemory } from "../../support/database.ts"

const ada = UserId.make("ada")

const kept = Effect.gen(function* () {
  const { run } = yield* Database
  const events = yield* run((tables) => tables.selectFrom("security_event").select("id").execute())
  const looks = yield* run((tables) => tables.selectFrom("look").select("id").execute())
  return { events: events.length, looks: looks.length }
})

/** The names of the images of which somebody was shown layers. */
const seen = Effect.gen(function* () {
  const looks = yield* Looks
  return (yield* looks.seen(ada, { limit: 10_000 })).map(({ image }) => image)
})

const digest = Digest.make(`sha256:${"0".repeat(64)}`)

/** Somebody looks at an image of so many layers. */
const look = Effect.fnUntraced(function* (image: string, layers = 1) {
  const looks = yield* Looks
  const at = yield* DateTime.now
  const what = { image, digest, platform: "linux/amd64", bytesFetched: 0, outcome: "success" as const }
  const each = Array.from({ length: layers }, (_, layer) => ({ image, digest, layer, layerDigest: digest }))
  yield* looks.add(
    { ...what, id: EventId.make(`${image} ${DateTime.formatIso(at)}`), userId: ada, at, operation: "peek" },
    each
  )
})

const happen = Effect.gen(function* () {
  const log = yield* EventLog
  const { run } = yield* Database
  const at = yield* DateTime.now
  const id = EventId.make(DateTime.formatIso(at))
  const nothing = { actorId: null, sessionId: null, ipAddress: null, userAgent: null, detail: {} }
  yield* log.append(new SecurityEvent({ id, at, type: "image.peeked", outcome: "success", userId: ada, ...nothing }))
  yield* run((tables) =>
    tables
      .insertInto("look")
      .values({
        id,
        user_id: ada,
        at: DateTime.toEpochMillis(at),
        operation: "peek",
        image: "alpine",
        digest: `sha256:${"0".repeat(64)}`,
        platform: "linux/amd64",
        layer: null,
        path: null,
        bytes_fetched: 0,
        outcome: "success"
      })
      .execute()
  )
})

const person = Effect.flatMap(Database, ({ run }) =>
  run((tables) =>
    tables
      .insertInto("user")
      .values({
        id: ada,
        email: ada,
        email_key: ada,
        name: null,
        password_hash: "",
        disabled: 0,
        created_at: 0,
        last_login_at: null
      })
      .execute()
  )
)

const keeping = (retention: Duration.Input) =>
  Layer.mergeAll(Trail.layer, History.layer, Layer.effectDiscard(person)).pipe(
    Layer.provide(Layer.succeed(EventSettings, { retention: Duration.fromInputUnsafe(retention) })),
    Layer.provideMerge(inMemory)
  )

describe("old events and looks", () => {
  it.effect("are removed in the background, each after its time", () =>
    Effect.gen(function* () {
      yield* happen
      yield* TestClock.adjust("89 days")
      yield* happen
      assert.deepStrictEqual(yield* kept, { events: 2, looks: 2 })
      yield* TestClock.adjust("25 hours")
      assert.deepStrictEqual(yield* kept, { events: 2, looks: 1 })
      yield* TestClock.adjust("30 days")
      assert.deepStrictEqual(yield* kept, { events: 1, looks: 1 })
    }).pipe(Effect.provide(keeping("100 days")))
  )

  it.effect("leave nothing of anybody for longer than of the trail", () =>
    Effect.gen(function* () {
      yield* happen
      yield* TestClock.adjust("49 hours")
      assert.deepStrictEqual(yield* kept, { events: 0, looks: 0 })
    }).pipe(Effect.provide(keeping("2 days")))
  )

  it.effect("take the layers with them that were shown, unless these were shown again", () =>
    Effect.gen(function* () {
      yield* look("old")
      yield* look("known")
      yield* TestClock.adjust("40 days")
      yield* look("known")
      yield* look("new")
      assert.deepStrictEqual(yield* seen, ["known", "new", "old"])
      yield* TestClock.adjust("51 days")
      assert.deepStrictEqual(yield* seen, ["known", "new"])
      yield* TestClock.adjust("40 days")
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(keeping("100 days")))
  )

  it.effect("take however many layers there were", () =>
    Effect.gen(function* () {
      yield* look("big", 2500)
      yield* TestClock.adjust("49 hours")
      // Each of these takes its turn at the database behind a batch.
      for (let turn = 0; turn < 4; turn++) yield* seen
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(keeping("2 days")))
  )

  it.effect("are removed by thousands, a batch after the other, and the new ones stay", () =>
    Effect.gen(function* () {
      const { run } = yield* Database
      yield* TestClock.adjust("3 days")
      yield* happen
      const old = { type: "sign-out" as const, at: 1, outcome: "success" as const, detail: "{}" }
      const nobody = { user_id: null, actor_id: null, session_id: null, ip_address: null, user_agent: null }
      const rows = Array.from({ length: 2500 }, (_, index) => ({ id: `old ${index}`, ...old, ...nobody }))
      yield* run((tables) => tables.insertInto("security_event").values(rows).execute())
      yield* TestClock.adjust("61 minutes")
      // Each of these takes its turn at the database behind a batch.
      for (let turn = 0; turn < 4; turn++) yield* kept
      assert.deepStrictEqual(yield* kept, { events: 1, looks: 1 })
    }).pipe(Effect.provide(keeping("2 days")))
  )
})
