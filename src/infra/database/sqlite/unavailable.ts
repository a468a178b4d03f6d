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

/** Whether SQLite says that it is not the statement's fault. MikroORM copies the code onto the exceptions it makes. */
export const isSqliteUnavailable = (error: Error): boolean =>
  "errcode" in error && typeof error.errcode === "number" && UNAVAILABLE.has(error.errcode & 0xff)
