/** On what terms connections are used. Times are in milliseconds. */
export interface Terms {
  /** At most. The servers' default is 100 for everybody. */
  readonly connections: number
  /** How long the wait for a connection and the first answer over it may take together, and then each other answer. */
  readonly patience: number
  /** How long the server works at a statement, waits for locks included, before it gives up by itself. */
  readonly statement: number
  /** How long a transaction may be silent: a process that is frozen in one must not keep others out for ever. */
  readonly silence: number
  /** What every transaction begins with. */
  readonly begin: string
}

/**
 * Reads are on the path of every request: that the server hangs is known after a second. They have connections of their
 * own, or those who wait for a row that somebody holds would keep them out.
 */
export const READING: Terms = { connections: 8, patience: 1000, statement: 800, silence: 1000, begin: "begin" }

/** Units of work wait for each other's rows, fifty sign-ins of one user one after the other. */
export const WRITING: Terms = { connections: 8, patience: 5000, statement: 4000, silence: 10_000, begin: "begin" }

/** Any number that nobody else locks. */
const MIGRATION_LOCK = 7_233_001_001

/**
 * A migration takes the time that it takes. Its transactions exclude each other, as SQLite's do, so that of several
 * processes that start on one database one migrates, and the others find it done.
 */
export const MIGRATING: Terms = {
  connections: 2,
  patience: 2 ** 31 - 1,
  statement: 0,
  silence: 0,
  begin: `begin; select pg_advisory_xact_lock(${MIGRATION_LOCK})`
}
