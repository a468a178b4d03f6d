import { Context, Effect, Layer } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { Database } from "../database/Database.ts"
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
    /** Whether `current` would succeed without asking anybody, and so without waiting. */
    readonly isCurrent: () => boolean
    /** Listens from now on, until the scope ends. */
    readonly listen: ChangeLog["listen"]
  }
>()("keyhole/infra/change/ChangeFeed") {}

/**
 * Looks each time whether somebody has committed, which for the embedded database takes a microsecond or two without waiting for
 * anybody, and is always right: also when another process (the command line) has written. Only then the log is read.
 *
 * What was found counts until the event loop goes on to its next callback. Whatever is asked for within one was asked for by
 * bytes that had come before: no change was acknowledged to whoever sent them that is not found.
 */
export const embedded = Layer.effect(
  ChangeFeed,
  Effect.gen(function* () {
    const { version } = yield* Database
    const { catchUp, listen } = yield* changeLog
    let applied: number | undefined
    let found: number | undefined
    let isFresh = false
    const goOn = () => {
      isFresh = false
    }

    const isCurrent = () => {
      if (isFresh) return true
      found = version()
      if (found === undefined || found !== applied) return false
      isFresh = true
      queueMicrotask(goOn)
      return true
    }

    const readLog = () => {
      const upTo = found
      return Effect.map(catchUp, () => {
        applied = upTo
      })
    }
    return ChangeFeed.of({
      current: Effect.suspend(() => (isCurrent() ? Effect.void : readLog())),
      isCurrent,
      listen
    })
  })
)
