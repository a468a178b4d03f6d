import { setTimeout } from "node:timers/promises"

/** How long another process (the command line beside the server) may hold the file before that is a failure. */
const LIMIT = 10_000
const FIRST_PAUSE = 1
const LONGEST_PAUSE = 25

// https://sqlite.org/rescode.html: the low byte is the primary code.
const BUSY = 5
const PRIMARY = 0xff

const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  "errcode" in error &&
  typeof error.errcode === "number" &&
  (error.errcode & PRIMARY) === BUSY

/**
 * Tries again while another process has the file locked. SQLite's own `busy_timeout` waits too, but it blocks the event
 * loop, and with it every request that needs no database.
 */
export const patiently = async <A>(attempt: () => A): Promise<A> => {
  const deadline = performance.now() + LIMIT
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
    await setTimeout(pause)
  }
}
