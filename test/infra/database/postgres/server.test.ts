import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Redacted, Scope } from "effect"
import { afterAll, beforeEach } from "vitest"
import { Health } from "../../../../src/domain/Health.ts"
import { StorageUnavailable } from "../../../../src/domain/storage/StorageUnavailable.ts"
import { Database } from "../../../../src/infra/database/Database.ts"
import * as health from "../../../../src/infra/database/health.ts"
import { opened } from "../../../support/database.ts"
import { type PostgresServer, startPostgres } from "../../../support/postgres/server.ts"

const parallel = { concurrency: "unbounded" } as const

let server: PostgresServer
let scope: Scope.Closeable
let database: Database["Service"]
let checks: Health["Service"]["checks"]

beforeAll(async () => {
  server = await startPostgres()
})
beforeEach(async () => {
  scope = await Effect.runPromise(Scope.make())
  const settings = { kind: "postgres", url: Redacted.make(server.urlOf("postgres")) } as const
  const services = await Effect.runPromise(
    Scope.provide(Layer.build(Layer.provideMerge(health.layer, opened(settings))), scope)
  )
  database = Context.get(services, Database)
  checks = Context.get(services, Health).checks
})
afterAll(() => server.remove())

const count = Effect.suspend(() => database.read((tables) => tables.selectFrom("token_entry").select("key").execute()))
const write = (key: string) =>
  database.run((tables) => tables.insertInto("token_entry").values({ key, value: "", expires_at: 0 }).execute())

/** How long an effect took to fail for the store's sake, in milliseconds. */
const timeToFail = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const began = performance.now()
    assert.instanceOf(yield* Effect.flip(effect), StorageUnavailable)
    return performance.now() - began
  })

const close = Effect.suspend(() => Scope.close(scope, Exit.void))

describe("a server that hangs", () => {
  it.live(
    "is lost within a second to those who read, in five to those who write, and found again when it goes on",
    () =>
      Effect.gen(function* () {
        yield* Effect.replicateEffect(count, 20, parallel)
        server.signal("SIGSTOP")
        const writing = yield* Effect.forkChild(timeToFail(database.transaction(write("a"))))
        // More than there are connections; the second time none is open any more.
        for (let round = 0; round < 2; round++) {
          const times = yield* Effect.replicateEffect(timeToFail(count), 30, parallel)
          for (const time of times) assert.isBelow(time, 1500)
        }
        assert.deepStrictEqual(yield* checks, [{ name: "database", state: "down", required: true }])
        assert.isBelow(yield* Fiber.join(writing), 6000)
        server.signal("SIGCONT")
        yield* count
        yield* database.transaction(write("b"))
        assert.deepStrictEqual(yield* checks, [{ name: "database", state: "up", required: true }])
        yield* close
      })
  )

  it.live("does not keep the service from ending", () =>
    Effect.gen(function* () {
      yield* Effect.replicateEffect(count, 20, parallel)
      server.signal("SIGSTOP")
      yield* Effect.ensuring(
        Effect.timeout(close, "4 seconds"),
        Effect.sync(() => server.signal("SIGCONT"))
      )
    })
  )
})

describe("a server that is restarted", () => {
  it.live("is lost at once, with the units of work that were under way, and found again by itself", () =>
    Effect.gen(function* () {
      yield* Effect.replicateEffect(count, 20, parallel)
      const unit = database.transaction(
        Effect.andThen(
          write("under way"),
          Effect.andThen(
            Effect.promise(() => server.stop()),
            write("too late")
          )
        )
      )
      assert.isBelow(yield* timeToFail(unit), 5000)
      assert.isBelow(yield* timeToFail(count), 1500)
      yield* Effect.promise(() => server.start())
      const found = yield* count
      assert.isFalse(found.some(({ key }) => key === "under way"))
      yield* database.transaction(write("after"))
      yield* close
    })
  )
})
