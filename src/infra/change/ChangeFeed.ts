import { Context, Effect, Layer, type Scope } from "effect"
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

/** What has changed in the database, whoever changed it, in the order in which it was committed. */
export class ChangeFeed extends Context.Service<
  ChangeFeed,
  {
    /**
     * Succeeds when everything that was committed before it was asked has been applied here. Whoever answers from memory asks
     * first; in a unit of work nobody may answer from memory.
     */
    readonly current: Effect.Effect<void, StorageUnavailable>
    /** Listens from now on, until the scope ends. */
    readonly listen: (listener: Listener) => Effect.Effect<void, never, Scope.Scope>
  }
>()("keyhole/infra/change/ChangeFeed") {}

const NEVER = -1

/**
 * Asks the database each time whether something has changed. For the embedded one that is a look at one row of a file that is
 * in memory, some microseconds without waiting for anybody, and always right: also when another process (the command line)
 * has written.
 */
export const embedded = Layer.effect(
  ChangeFeed,
  Effect.gen(function* () {
    const { read } = yield* Database
    const listeners = new Set<Listener>()
    const head = prepared((tables) => tables.selectFrom("change").select("seq").orderBy("seq", "desc").limit(1))
    const newest = Effect.map(
      read((tables) => head(tables, [1])),
      ([row]) => row?.seq ?? 0
    )
    // Nothing is known before the first look, and so nothing is remembered.
    let applied = NEVER

    const begin = (seq: number): void => {
      applied = seq
      for (const listener of listeners) listener.reset()
    }

    const catchUp = Effect.fnUntraced(function* () {
      const from = applied
      const rows = yield* read((tables) =>
        tables.selectFrom("change").selectAll().where("seq", ">", from).orderBy("seq").execute()
      )
      const last = rows.at(-1)?.seq ?? from
      // Others may have come further meanwhile; to forget twice does no harm.
      const isWhole = rows[0] === undefined || rows[0].seq === from + 1
      for (const listener of listeners) {
        if (!isWhole) listener.reset()
        for (const row of rows) {
          const change = toChange(row)
          if (change === undefined) listener.reset()
          else listener.apply(change)
        }
      }
      applied = Math.max(applied, last)
    })

    return ChangeFeed.of({
      current: Effect.flatMap(newest, (seq) => {
        if (applied === NEVER) begin(seq)
        return seq === applied ? Effect.void : catchUp()
      }),
      listen: (listener) =>
        Effect.asVoid(
          Effect.acquireRelease(
            Effect.sync(() => listeners.add(listener)),
            () => Effect.sync(() => listeners.delete(listener))
          )
        )
    })
  })
)
