import { Duration, Layer } from "effect"
import { sql } from "kysely"
import { removing } from "../database/removing.ts"

const SWEEP_EVERY = Duration.minutes(10)
// Whoever has not looked for so long forgets everything instead.
const KEPT = Duration.hours(1)

/** Removes old changes, all but the newest one, which says how far the numbers have come. */
export const layer = Layer.effectDiscard(
  removing("old changes", SWEEP_EVERY, {
    table: "change",
    key: ["seq"],
    from: "at",
    kept: KEPT,
    only: sql`seq < (select max(seq) from change)`
  })
)
