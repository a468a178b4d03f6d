import { Effect } from "effect"
import { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { inSpan } from "../observability/inSpan.ts"
import { waitingForDatabase } from "../observability/storeTimes.ts"
import { isPostgresUnavailable } from "./postgres/unavailable.ts"
import { isSqliteUnavailable } from "./sqlite/unavailable.ts"

/** An error of the operating system's, as Node reports it. */
const isSystemError = (error: Error): boolean => "syscall" in error

const isStorageFailure = (error: unknown): boolean =>
  error instanceof Error &&
  (isSystemError(error) || isSqliteUnavailable(error) || isPostgresUnavailable(error) || isStorageFailure(error.cause))

/**
 * The outcome of database work. What the store is to blame for is `StorageUnavailable`; a mistake in the program is a
 * defect.
 */
export const outcome = <A>(work: () => Promise<A>): Effect.Effect<A, StorageUnavailable> =>
  Effect.callback<A, StorageUnavailable>((resume) => {
    const over = waitingForDatabase()
    const answer = (effect: Effect.Effect<A, StorageUnavailable>, answered = true): void => {
      over(answered)
      resume(effect)
    }
    work().then(
      (value) => answer(Effect.succeed(value)),
      (cause: unknown) =>
        isStorageFailure(cause)
          ? answer(Effect.fail(new StorageUnavailable({ store: "database", cause })), false)
          : answer(Effect.die(cause))
    )
  })

const visibly = inSpan("database", { "db.system.name": "sql" })

/** As `outcome`; an interruption waits for it, because a statement that was sent cannot be taken back. */
export const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, StorageUnavailable> =>
  visibly(Effect.uninterruptible(outcome(work)))
