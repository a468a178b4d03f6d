import { Clock, Effect } from "effect"
import { Database } from "../database/Database.ts"
import { type Change, toRow } from "./Change.ts"

/**
 * Writes a store's data and tells everybody who may remember the old, both or neither: whoever changes what is remembered
 * somewhere (see `Change`) writes through this.
 *
 * Who has applied a change has applied all before it, so units of work must commit in the order in which they number
 * theirs: one at a time, and at their very end.
 */
export const announcing = Effect.map(
  Database,
  ({ exclusive, lastly, run, transaction }) =>
    <A, E, R>(write: Effect.Effect<A, E, R>, changes: (result: A) => ReadonlyArray<Change>) =>
      transaction(
        Effect.tap(
          write,
          Effect.fnUntraced(function* (result) {
            const at = yield* Clock.currentTimeMillis
            const rows = changes(result).map((change) => toRow(change, at))
            if (rows.length === 0) return
            const append = run((tables) => tables.insertInto("change").values(rows).execute())
            yield* lastly(Effect.andThen(exclusive("changes"), append))
          })
        )
      )
)
