import { Clock, Effect } from "effect"
import { sql } from "kysely"
import { Database } from "../database/Database.ts"
import { Audience } from "./Audience.ts"
import { type Change, toRow } from "./Change.ts"

/** Everybody in the table of instances, as one text. */
const PRESENT = sql<string | null>`(select string_agg(id, ' ') from instance)`

/**
 * Writes a store's data and tells everybody who may remember the old, both or neither: whoever changes what is remembered
 * somewhere (see `Change`) writes through this.
 *
 * Who has applied a change has applied all before it, so units of work must commit in the order in which they number
 * theirs: one at a time, and at their very end. Instances enter their table in the same turns, so that who is not in it at
 * the commit looks at the log only after it.
 */
export const announcing = Effect.gen(function* () {
  const { afterwards, exclusive, lastly, run, transaction } = yield* Database
  const { tell } = yield* Audience

  const append = Effect.fnUntraced(function* (changes: ReadonlyArray<Change>) {
    const at = yield* Clock.currentTimeMillis
    const rows = changes.map((change) => toRow(change, at))
    yield* exclusive("changes")
    const appended = yield* run((tables) =>
      tables.insertInto("change").values(rows).returning(PRESENT.as("present")).execute()
    )
    const present = appended[0]?.present?.split(" ") ?? []
    yield* afterwards(tell({ changes, present }))
  })

  return <A, E, R>(write: Effect.Effect<A, E, R>, changes: (result: A) => ReadonlyArray<Change>) =>
    transaction(
      Effect.tap(write, (result) => {
        const told = changes(result)
        return told.length === 0 ? Effect.void : lastly(append(told))
      })
    )
})
