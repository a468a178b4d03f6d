import { Effect, Option } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { Database } from "../database/Database.ts"
import type { Change } from "./Change.ts"
import { ChangeFeed } from "./ChangeFeed.ts"

export interface Remembering {
  /** How many are kept; the one that was asked for longest ago goes first. */
  readonly capacity: number
  /** Which one the change makes untrue. */
  readonly forgets: (change: Change) => string | undefined
}

/**
 * Remembers what a store said until that changes, wherever it is changed. What is not there is not remembered, so that
 * nobody fills the memory with names that do not exist. In a unit of work the store itself is asked.
 */
export const remembering = Effect.fnUntraced(function* <A>({ capacity, forgets }: Remembering) {
  const feed = yield* ChangeFeed
  const { isInUnit } = yield* Database
  const kept = new Map<string, Option.Option<A>>()
  // What is read while something changes may be the old: it counts for the reader, and is not kept.
  let changes = 0

  yield* feed.listen({
    apply: (change) => {
      changes += 1
      const key = forgets(change)
      if (key !== undefined) kept.delete(key)
    },
    reset: () => {
      changes += 1
      kept.clear()
    }
  })

  const keep = (key: string, value: Option.Option<A>): void => {
    kept.set(key, value)
    const [oldest] = kept.keys()
    if (kept.size > capacity && oldest !== undefined) kept.delete(oldest)
  }

  const readAndKeep = Effect.fnUntraced(function* (
    key: string,
    read: Effect.Effect<Option.Option<A>, StorageUnavailable>
  ) {
    const before = changes
    const value = yield* read
    if (Option.isSome(value) && changes === before) keep(key, value)
    return value
  })

  return Effect.fnUntraced(function* (key: string, read: Effect.Effect<Option.Option<A>, StorageUnavailable>) {
    if (yield* isInUnit) return yield* read
    yield* feed.current
    const known = kept.get(key)
    if (known === undefined) return yield* readAndKeep(key, read)
    kept.delete(key)
    kept.set(key, known)
    return known
  })
})
