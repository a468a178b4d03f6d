import { type Duration, Effect, Schedule } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"

// A sweep holds the database for one batch at a time, so that nobody waits long behind a million ended rows.
export const SWEEP_BATCH = 1000

/**
 * Removes what has ended, at the start and then regularly, until the scope ends. `removeSome` removes at most `SWEEP_BATCH` rows
 * and tells how many; several processes may do it at once. A store that fails is asked again the next time.
 */
export const sweeping = <R>(
  what: string,
  every: Duration.Duration,
  removeSome: Effect.Effect<number, StorageUnavailable, R>
) =>
  removeSome.pipe(
    Effect.repeat({ until: (removed) => removed < SWEEP_BATCH }),
    Effect.catchCause((cause) => Effect.logWarning(`${what} could not be removed`, cause)),
    Effect.repeat(Schedule.spaced(every)),
    Effect.forkScoped
  )
