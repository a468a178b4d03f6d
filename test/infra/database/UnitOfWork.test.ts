import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Latch, Layer } from "effect"
import { UnitOfWork } from "../../../src/domain/storage/UnitOfWork.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { TokenEntry } from "../../../src/infra/database/entities/TokenEntry.ts"
import { databases, inFile, inMemory, ports } from "../../support/database.ts"

const write = Effect.fnUntraced(function* (key: string) {
  const { run } = yield* Database
  yield* run((tables) =>
    tables.insertInto("token_entry").values({ key, value: "", expires_at: Number.MAX_SAFE_INTEGER }).execute()
  )
})

const keys = Effect.gen(function* () {
  const { read } = yield* Database
  const rows = yield* read((tables) => tables.selectFrom("token_entry").select("key").orderBy("key").execute())
  return rows.map(({ key }) => key)
})

describe.each(databases)("UnitOfWork over a database %s", (_where, database) => {
  const layer = Layer.provideMerge(ports, database)

  it.effect("commits everything when the effect succeeds, with its value", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      assert.strictEqual(yield* transaction(Effect.as(Effect.andThen(write("a"), write("b")), 42)), 42)
      assert.deepStrictEqual(yield* keys, ["a", "b"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("sees its own writes", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      assert.deepStrictEqual(yield* transaction(Effect.andThen(write("a"), keys)), ["a"])
    }).pipe(Effect.provide(layer))
  )

  it.effect.each([
    ["a failure", Effect.fail("failure")],
    ["a defect", Effect.die("defect")],
    ["an interruption from within", Effect.interrupt]
  ] as const)("leaves nothing after %s, and passes it on", ([, end]) =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const exit = yield* Effect.exit(transaction(Effect.andThen(write("a"), end)))
      const expected = yield* Effect.exit(end)
      assert.isTrue(Exit.isFailure(exit) && Exit.isFailure(expected))
      if (Exit.isFailure(exit) && Exit.isFailure(expected)) {
        assert.strictEqual(Cause.pretty(exit.cause).split("\n")[0], Cause.pretty(expected.cause).split("\n")[0])
      }
      assert.deepStrictEqual(yield* keys, [])
      yield* transaction(write("after"))
      assert.deepStrictEqual(yield* keys, ["after"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("leaves nothing when its fiber is interrupted, and lets the next one in", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const written = yield* Deferred.make<void>()
      const unit = transaction(
        Effect.andThen(write("a"), Effect.andThen(Deferred.succeed(written, undefined), Effect.never))
      )
      const fiber = yield* Effect.forkChild(unit)
      yield* Deferred.await(written)
      yield* Fiber.interrupt(fiber)
      yield* transaction(write("b"))
      assert.deepStrictEqual(yield* keys, ["b"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is not undone before the work it is at has come to its end, so that none of that escapes it", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const { use } = yield* Database
      const entry = (key: string) => ({ key, value: "", expiresAt: Number.MAX_SAFE_INTEGER })
      const midway = yield* Latch.make()
      const goOn = yield* Latch.make()
      const work = use(async (entities) => {
        await entities.insert(TokenEntry, entry("a"))
        await Effect.runPromise(midway.open)
        await Effect.runPromise(goOn.await)
        await entities.insert(TokenEntry, entry("b"))
      })
      const unit = yield* Effect.forkChild(transaction(work))
      yield* midway.await
      const interruption = yield* Effect.forkChild(Fiber.interrupt(unit), { startImmediately: true })
      yield* goOn.open
      yield* Fiber.join(interruption)
      yield* transaction(write("after"))
      assert.deepStrictEqual(yield* keys, ["after"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("gives up waiting for its turn when interrupted, and leaves the turn to the next", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const inside = yield* Deferred.make<void>()
      const release = yield* Deferred.make<void>()
      const holder = yield* Effect.forkChild(
        transaction(Effect.andThen(Deferred.succeed(inside, undefined), Deferred.await(release)))
      )
      yield* Deferred.await(inside)
      const waiting = yield* Effect.forkChild(transaction(write("abandoned")), { startImmediately: true })
      yield* Fiber.interrupt(waiting)
      yield* Deferred.succeed(release, undefined)
      yield* Fiber.join(holder)
      yield* transaction(write("next"))
      assert.deepStrictEqual(yield* keys, ["next"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("joins the unit of work it is in: the inner one commits with the outer, or not at all", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const nested = Effect.andThen(transaction(write("inner")), write("outer"))
      yield* Effect.flip(transaction(Effect.andThen(nested, Effect.fail("no"))))
      assert.deepStrictEqual(yield* keys, [])
      yield* transaction(nested)
      assert.deepStrictEqual(yield* keys, ["inner", "outer"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is not seen by others before it is committed", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const written = yield* Deferred.make<void>()
      const release = yield* Deferred.make<void>()
      const unit = yield* Effect.forkChild(
        transaction(
          Effect.andThen(write("a"), Effect.andThen(Deferred.succeed(written, undefined), Deferred.await(release)))
        )
      )
      yield* Deferred.await(written)
      const reader = yield* Effect.forkChild(keys, { startImmediately: true })
      const late = Effect.andThen(Deferred.succeed(release, undefined), Fiber.join(unit))
      // In memory there is one connection, and the reader waits for its turn; elsewhere it has one of its own.
      const seen =
        database === inMemory
          ? yield* Effect.andThen(late, Fiber.join(reader))
          : yield* Effect.tap(Fiber.join(reader), () => late)
      assert.deepStrictEqual(seen, database === inMemory ? ["a"] : [])
      assert.deepStrictEqual(yield* keys, ["a"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("ends for a fiber that outlives it: what that one writes then is its own", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const ended = yield* Deferred.make<void>()
      const outliving = Effect.andThen(
        Deferred.await(ended),
        Effect.flip(transaction(Effect.andThen(write("undone"), Effect.fail("no"))))
      )
      const fiber = yield* transaction(Effect.andThen(write("a"), Effect.forkDetach(outliving)))
      yield* Deferred.succeed(ended, undefined)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(yield* keys, ["a"])
    }).pipe(Effect.provide(layer))
  )
})

describe.each([
  ["in memory", inMemory],
  ["in a file", inFile]
])("UnitOfWork over SQLite %s", (_where, database) => {
  const layer = Layer.provideMerge(ports, database)

  it.effect("lets no other fiber's statement in between", () =>
    Effect.gen(function* () {
      const { transaction } = yield* UnitOfWork
      const increment = transaction(
        Effect.gen(function* () {
          const before = (yield* keys).length
          yield* Effect.yieldNow
          yield* write(`${before}`)
        })
      )
      yield* Effect.all([Effect.replicateEffect(increment, 50, { concurrency: "unbounded" }), write("x")], {
        concurrency: "unbounded"
      })
      assert.strictEqual((yield* keys).length, 51)
    }).pipe(Effect.provide(layer))
  )
})
