import { Clock, Duration, Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import { Database } from "./Database.ts"
import type { Tables } from "./entities.ts"
import { SWEEP_BATCH, sweeping } from "./sweeping.ts"

/** Rows of a table that are of no use from a moment on. */
export interface Ending<Table extends keyof Tables> {
  readonly table: Table
  readonly key: ReadonlyArray<keyof Tables[Table] & string>
  /** The column of the moment it counts from, which has an index. */
  readonly from: keyof Tables[Table] & string
  /** How long after that moment a row is still kept; not at all, if this is not said. */
  readonly kept?: Duration.Duration
  readonly only?: RawBuilder<unknown>
}

/** Removes such rows, the oldest first, as `sweeping` does it. */
export const removing = Effect.fnUntraced(function* <Table extends keyof Tables>(
  what: string,
  every: Duration.Duration,
  { table, key, from, kept = Duration.zero, only }: Ending<Table>
) {
  const { run } = yield* Database
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const end = sql.ref(from)
  const also = only === undefined ? sql`` : sql`and ${only}`
  const removeSome = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const ended = sql`${end} <= ${now - Duration.toMillis(kept)}`
    const oldest = sql`select ${columns} from ${sql.table(table)} where ${ended} ${also} order by ${end} limit ${SWEEP_BATCH}`
    // Ended once more: where others write meanwhile, a row may be renewed after it was chosen.
    const statement = sql`delete from ${sql.table(table)} where (${columns}) in (${oldest}) and ${ended}`
    return run(async (tables) => Number((await statement.execute(tables)).numAffectedRows ?? 0n))
  })
  yield* sweeping(what, every, removeSome)
})
