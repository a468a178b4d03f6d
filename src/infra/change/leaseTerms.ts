import { Duration } from "effect"

/** How long an instance may answer from memory after it asked for the log's end and got it. */
export const LEASE = Duration.millis(500)

/** By then every lease is over that began before: clocks of different machines do not run alike to the last. */
export const LEASE_OVER = Duration.millis(550)

/** How often the log is looked at: a lease outlives an answer that is late. */
export const LOOK_EVERY = Duration.millis(200)

/** How often an instance shows in the table of instances that it lives. */
export const BEAT_EVERY = Duration.seconds(2)

/** How long after its last beat an instance may rely on being in the table. */
export const PRESENT_FOR = Duration.seconds(5)

/** After so long without a beat an instance is removed by others. More than `PRESENT_FOR` and a lease together. */
export const ABSENT_AFTER = Duration.seconds(15)
