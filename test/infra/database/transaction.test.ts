import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Latch } from "effect"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { open } from "../../../src/infra/database/sqlite/open.ts"
import { transactions } from "../../../src/infra/database/transaction.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const database = Effect.gen(function* () {
  const { orm } = yield* open({ kind: "sqlite", file: join(yield* temporaryFolder, "keyhole.db") })
  return orm.em
})

describe("a transaction", () => {
  it.effect("ends when its commit is on the disk, and lets others commit meanwhile", () =>
    Effect.gen(function* () {
      const root = yield* database
      const onDisk = yield* Latch.make()
      const commits: Array<string> = []
      const durable = (name: string) => () => {
        commits.push(name)
        return Effect.runPromise(onDisk.await)
      }
      const one = yield* Effect.forkChild(transactions(root, durable("one"))(Effect.void))
      const two = yield* Effect.forkChild(transactions(root, durable("two"))(Effect.void))
      yield* Effect.repeat(
        Effect.promise(() => new Promise(setImmediate)),
        { until: () => commits.length === 2 }
      )
      assert.isUndefined(one.pollUnsafe())
      assert.isUndefined(two.pollUnsafe())
      yield* onDisk.open
      yield* Fiber.join(one)
      yield* Fiber.join(two)
      assert.deepStrictEqual(commits, ["one", "two"])
    })
  )

  it.effect("is not interrupted once its commit has begun", () =>
    Effect.gen(function* () {
      const root = yield* database
      const onDisk = yield* Latch.make()
      const committed = yield* Latch.make()
      const durable = async () => {
        await Effect.runPromise(committed.open)
        await Effect.runPromise(onDisk.await)
      }
      const unit = yield* Effect.forkChild(transactions(root, durable)(Effect.void))
      yield* committed.await
      const interruption = yield* Effect.forkChild(Fiber.interrupt(unit), { startImmediately: true })
      assert.isUndefined(unit.pollUnsafe())
      yield* onDisk.open
      yield* Fiber.join(interruption)
      assert.isDefined(unit.pollUnsafe())
    })
  )

  it.effect("fails when the disk does not take its commit", () =>
    Effect.gen(function* () {
      const root = yield* database
      const durable = () => Promise.reject(Object.assign(new Error("EIO"), { syscall: "fdatasync" }))
      const error = yield* Effect.flip(transactions(root, durable)(Effect.void))
      assert.instanceOf(error, StorageUnavailable)
    })
  )
})
