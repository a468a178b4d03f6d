import { describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { afterAll, beforeAll, expect } from "vitest"
import { Health } from "../../../src/domain/Health.ts"
import { layer as health } from "../../../src/infra/redis/health.ts"
import { layer, Redis } from "../../../src/infra/redis/Redis.ts"
import { type RedisServer, startRedis } from "../../support/redis/server.ts"

const nothingElse = Layer.succeed(Health, Health.of({ checks: Effect.succeed([]) }))
/** Generous: the machine may be busy. Alone it takes less than a second. */
const SOON = "5 seconds"

describe("Redis", () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.kill())

  const connected = Layer.unwrap(
    Effect.sync(() => {
      const redis = layer(Redacted.make(server.url))
      return Layer.provideMerge(Layer.provide(health, nothingElse), redis)
    })
  )
  const becomes = (state: "up" | "down") =>
    Effect.gen(function* () {
      const { checks } = yield* Health
      yield* Effect.repeat(Effect.delay(checks, "10 millis"), { until: ([redis]) => redis?.state === state })
      return yield* checks
    }).pipe(Effect.timeout(SOON))
  const ask = Effect.flatMap(Redis, ({ send }) => send((client) => client.get("nothing")))

  it.live("that hangs counts as lost, keeps nobody waiting, and is back when it goes on", () =>
    Effect.gen(function* () {
      expect(yield* becomes("up")).toEqual([{ name: "redis", state: "up", required: false }])
      server.signal("SIGSTOP")
      expect((yield* Effect.flip(Effect.timeout(ask, SOON)))._tag).toBe("StorageUnavailable")
      expect(yield* becomes("down")).toEqual([{ name: "redis", state: "down", required: false }])
      server.signal("SIGCONT")
      yield* becomes("up")
      expect(yield* ask).toBeNull()
    }).pipe(Effect.provide(connected))
  )

  it.live("that dies counts as lost, and is back when another is in its place; who listened hears again", () =>
    Effect.gen(function* () {
      const { channelOf, listen, send } = yield* Redis
      const heard: Array<string> = []
      yield* listen(channelOf("news"), (text) => void heard.push(text))
      const tell = (text: string) =>
        send((client) => client.publish(channelOf("news"), text)).pipe(
          Effect.ignore,
          Effect.andThen(Effect.sleep("10 millis")),
          Effect.repeat({ until: () => heard.includes(text) }),
          Effect.timeout(SOON)
        )
      yield* becomes("up")
      yield* tell("before")
      yield* Effect.promise(() => server.kill())
      yield* becomes("down")
      expect((yield* Effect.flip(ask))._tag).toBe("StorageUnavailable")
      yield* Effect.promise(() => server.start())
      yield* becomes("up")
      yield* tell("after")
    }).pipe(Effect.provide(connected))
  )

  it.live("that is not there keeps no start from going on", () =>
    Effect.gen(function* () {
      const { checks } = yield* Health
      expect(yield* checks).toEqual([{ name: "redis", state: "down", required: false }])
    }).pipe(
      Effect.provide(
        Layer.provide(Layer.provide(health, nothingElse), layer(Redacted.make("redis://ada:canary@127.0.0.1:1")))
      )
    )
  )

  it.live("has the channels of one database for themselves", () =>
    Effect.gen(function* () {
      const { channelOf } = yield* Redis
      expect(channelOf("news")).toBe("keyhole:7:news")
    }).pipe(Effect.provide(Layer.suspend(() => layer(Redacted.make(`${server.url}/7`)))))
  )
})
