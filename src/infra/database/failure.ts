import { Effect } from "effect"
import { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
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
    work().then(
      (value) => resume(Effect.succeed(value)),
      (cause: unknown) =>
        resume(
          isStorageFailure(cause)
            ? Effect.fail(new StorageUnavailable({ store: "database", cause }))
            : Effect.die(cause)
        )
    )
  })

/** As `outcome`; an interruption waits for it, because a statement that was sent cannot be taken back. */
export const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, StorageUnavailable> =>
  Effect.uninterruptible(outcome(work))
