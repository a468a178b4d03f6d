import { randomUUID } from "node:crypto"
import { Clock, Duration, Effect, Schedule } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { Database } from "./Database.ts"

// A sweep holds the database for one batch at a time, so that nobody waits long behind a million ended rows.
export const SWEEP_BATCH = 1000

/** Takes the turn to sweep, or keeps it; whether this process has it. It passes on when its holder has not come back for it. */
const turn = Effect.fnUntraced(function* (what: string, every: Duration.Duration) {
  const { run } = yield* Database
  const holder = randomUUID()
  const lasts = Math.ceil(Duration.toMillis(every) * 1.5)
  return Effect.flatMap(Clock.currentTimeMillis, (now) =>
    run(async (tables) => {
      const until = now + lasts
      const { numInsertedOrUpdatedRows } = await tables
        .insertInto("sweep_turn")
        .values({ what, holder, until })
        .onConflict((conflict) =>
          conflict
            .column("what")
            .doUpdateSet({ holder, until })
            .where((turns) => turns.or([turns("sweep_turn.holder", "=", holder), turns("sweep_turn.until", "<=", now)]))
        )
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    })
  )
})

/**
 * Removes what has ended, at the start and then regularly, until the scope ends. `removeSome` removes at most `SWEEP_BATCH` rows
 * and tells how many. Of several processes one does it, to spare the database; when clocks differ two may at once, which does
 * no harm. A store that fails is asked again the next time.
 */
export const sweeping = Effect.fnUntraced(function* <R>(
  what: string,
  every: Duration.Duration,
  removeSome: Effect.Effect<number, StorageUnavailable, R>
) {
  const hasTurn = yield* turn(what, every)
  const sweep = Effect.asVoid(Effect.repeat(removeSome, { until: (removed) => removed < SWEEP_BATCH }))
  yield* Effect.flatMap(hasTurn, (has) => (has ? sweep : Effect.void)).pipe(
    Effect.catchCause((cause) => Effect.logWarning(`${what} could not be removed`, cause)),
    Effect.repeat(Schedule.spaced(every)),
    Effect.forkScoped
  )
})
