import { Effect, type Scope } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { Database } from "../database/Database.ts"
import { prepared } from "../database/prepared.ts"
import { type Change, toChange } from "./Change.ts"

/** Somebody who remembers. Both are called at once and must not fail. */
export interface Listener {
  readonly apply: (change: Change) => void
  /** Changes were missed: everything has to be forgotten. */
  readonly reset: () => void
}

/** The log of changes as one process goes along it. */
export interface ChangeLog {
  readonly listen: (listener: Listener) => Effect.Effect<void, never, Scope.Scope>
  /** Succeeds when everything that was committed before has been applied. */
  readonly catchUp: Effect.Effect<void, StorageUnavailable>
  /** Applies changes that will be met in the log too: to forget twice does no harm. */
  readonly anticipate: (changes: ReadonlyArray<Change | undefined>) => void
}

const NEVER = -1

export const changeLog = Effect.gen(function* () {
  const { read } = yield* Database
  const listeners = new Set<Listener>()
  const head = prepared((tables) => tables.selectFrom("change").select("seq").orderBy("seq", "desc").limit(1))
  const newest = Effect.map(
    read((tables) => head(tables, [1])),
    ([row]) => row?.seq ?? 0
  )
  // Nothing is known before the first look, and so nothing is remembered.
  let applied = NEVER

  const forgetAll = (): void => {
    for (const listener of listeners) listener.reset()
  }

  const apply = (change: Change | undefined): void => {
    for (const listener of listeners) {
      if (change === undefined) listener.reset()
      else listener.apply(change)
    }
  }

  const readOn = Effect.fnUntraced(function* () {
    const from = applied
    const rows = yield* read((tables) =>
      tables.selectFrom("change").selectAll().where("seq", ">", from).orderBy("seq").execute()
    )
    // Others may have come further meanwhile; to forget twice does no harm.
    if (rows[0] !== undefined && rows[0].seq !== from + 1) forgetAll()
    for (const row of rows) apply(toChange(row))
    applied = Math.max(applied, rows.at(-1)?.seq ?? from)
  })

  return {
    listen: (listener) =>
      Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => listeners.add(listener)),
          () => Effect.sync(() => listeners.delete(listener))
        )
      ),
    catchUp: Effect.flatMap(newest, (seq) => {
      // A log that ends earlier than it did is another one: the database was restored.
      if (applied === NEVER || seq < applied) {
        applied = seq
        forgetAll()
      }
      return seq === applied ? Effect.void : readOn()
    }),
    anticipate: (changes) => {
      for (const change of changes) apply(change)
    }
  } satisfies ChangeLog
})
