import { Clock, Duration, Effect, Layer } from "effect"
import { Database } from "../database/Database.ts"
import { SWEEP_BATCH, sweeping } from "../database/sweeping.ts"

const SWEEP_EVERY = Duration.minutes(10)
// Whoever has not looked for so long forgets everything instead.
const KEPT = Duration.toMillis(Duration.hours(1))

/** Removes old changes, all but the newest one, which says how far the numbers have come. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { run } = yield* Database
    const removeOld = Effect.flatMap(Clock.currentTimeMillis, (now) =>
      run(async (tables) => {
        const old = tables
          .selectFrom("change")
          .select("seq")
          .where("at", "<=", now - KEPT)
          .where("seq", "<", (newest) => newest.selectFrom("change").select(({ fn }) => fn.max("seq").as("seq")))
          .orderBy("seq")
          .limit(SWEEP_BATCH)
        const { numDeletedRows } = await tables.deleteFrom("change").where("seq", "in", old).executeTakeFirstOrThrow()
        return Number(numDeletedRows)
      })
    )
    yield* sweeping("old changes", SWEEP_EVERY, removeOld)
  })
)
