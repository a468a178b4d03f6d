import { Effect } from "effect"
import { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"

/**
 * SQLite's primary result codes that are the file's or the machine's doing and not the statement's
 * (https://sqlite.org/rescode.html).
 */
const UNAVAILABLE: ReadonlySet<number> = new Set([
  3, // PERM
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
  23, // AUTH
  26 // NOTADB
])

/** An error of the operating system's, as `node:fs` reports it. */
const isSystemError = (error: Error): boolean => "syscall" in error

/** The extended code, whose low byte is the primary one; MikroORM copies it onto the exceptions it makes of errors. */
const primaryCode = (error: Error): number | undefined =>
  "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : undefined

const isStorageFailure = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if (isSystemError(error)) return true
  const code = primaryCode(error)
  return code === undefined ? isStorageFailure(error.cause) : UNAVAILABLE.has(code)
}

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
