/** The connection, or the hope for one, is gone; what became of a statement that was sent over it is not known. */
export class ConnectionLost extends Error {
  /** Copied, as all properties are, onto the exceptions that MikroORM makes of errors. */
  readonly isConnectionLost = true

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/**
 * Conditions that are the server's doing and not the statement's, as classes and single codes
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const UNAVAILABLE = new RegExp(
  `^(?:${[
    "08...", // connection exception
    "25006", // the server takes no writes: a replica, or one that is being replaced
    "25P0[34]", // waited too long inside a transaction
    "28...", // the password is no longer right
    "3D000", // the database is not there
    "40001|40P01", // serialization failure, deadlock: see `conflict.ts`
    "42501", // rights are missing
    "53...", // out of disk, memory, connections
    "55P03", // the lock cannot be had
    "57...", // operator intervention, statement time-outs included
    "58...", // the system below the server
    "XX..." // internal error, corrupted data
  ].join("|")})$`,
  "u"
)

/** Whether PostgreSQL, or the way to it, says that it is not the statement's fault. */
export const isPostgresUnavailable = (error: Error): boolean =>
  "isConnectionLost" in error || ("code" in error && typeof error.code === "string" && UNAVAILABLE.test(error.code))
