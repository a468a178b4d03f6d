import { Context, Effect, Layer } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { type ChangeLog, changeLog } from "./ChangeLog.ts"

/** What has changed in the database, whoever changed it, in the order in which it was committed. */
export class ChangeFeed extends Context.Service<
  ChangeFeed,
  {
    /**
     * Succeeds when nothing that was taken away before it was asked, and acknowledged, counts here any more. Whoever answers
     * from memory asks first; in a unit of work nobody may answer from memory.
     */
    readonly current: Effect.Effect<void, StorageUnavailable>
    /** Listens from now on, until the scope ends. */
    readonly listen: ChangeLog["listen"]
  }
>()("keyhole/infra/change/ChangeFeed") {}

/**
 * Asks the database each time whether something has changed. For the embedded one that is a look at one row of a file that is
 * in memory, some microseconds without waiting for anybody, and always right: also when another process (the command line)
 * has written.
 */
export const embedded = Layer.effect(
  ChangeFeed,
  Effect.map(changeLog, ({ catchUp, listen }) => ChangeFeed.of({ current: catchUp, listen }))
)
