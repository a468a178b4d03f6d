import { setImmediate as nextCallback } from "node:timers/promises"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { ChangeFeed, embedded } from "../../../src/infra/change/ChangeFeed.ts"
import { Database } from "../../../src/infra/database/Database.ts"
import { inMemory } from "../../support/database.ts"

/** A database that counts how often it is asked whether somebody has committed, and how often for its log. */
const counting = () => {
  const asked = { version: 0, log: 0 }
  let version = 1
  const counted = Effect.map(Database, (database) =>
    Database.of({
      ...database,
      version: () => {
        asked.version += 1
        return version
      },
      read: (query) =>
        Effect.suspend(() => {
          asked.log += 1
          return database.read(query)
        })
    })
  )
  const commit = () => {
    version += 1
  }
  const feed = embedded.pipe(Layer.provide(Layer.effect(Database, counted)), Layer.provide(inMemory))
  return { asked, commit, feed }
}

it.effect("looks once for whatever is asked within one callback of the event loop, and again in the next", () => {
  const { asked, feed } = counting()
  return Effect.gen(function* () {
    const { current } = yield* ChangeFeed
    yield* current
    for (let callback = 2; callback <= 4; callback++) {
      yield* Effect.promise(() => nextCallback())
      yield* Effect.all([current, current, current])
      expect(asked.version).toBe(callback)
    }
    expect(asked.log).toBe(1)
  }).pipe(Effect.provide(feed))
})

it.effect("reads the log when somebody has committed, and only then", () => {
  const { asked, commit, feed } = counting()
  return Effect.gen(function* () {
    const { current } = yield* ChangeFeed
    for (let commits = 1; commits <= 3; commits++) {
      commit()
      yield* Effect.promise(() => nextCallback())
      yield* current
      yield* Effect.promise(() => nextCallback())
      yield* current
      expect(asked.log).toBe(commits)
    }
  }).pipe(Effect.provide(feed))
})

it.effect("is current without having asked anybody once the log is read, until somebody commits", () => {
  const { asked, commit, feed } = counting()
  return Effect.gen(function* () {
    const { current, isCurrent } = yield* ChangeFeed
    expect(isCurrent()).toBe(false)
    yield* current
    yield* Effect.promise(() => nextCallback())
    expect(isCurrent()).toBe(true)
    commit()
    yield* Effect.promise(() => nextCallback())
    expect(isCurrent()).toBe(false)
    expect(asked.log).toBe(1)
  }).pipe(Effect.provide(feed))
})
