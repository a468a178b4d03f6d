import { Effect } from "effect"

/** In milliseconds, how long all who take turns may keep the event loop before it looks who else has come. */
const SLICE = 1

/**
 * Lets many fibers take turns on an event loop that others wait for too: each waits for a turn before a piece of work, of a
 * millisecond at most. All together they work for a slice, then the loop goes round once, then those who wait have the next, in
 * the order they came. One that is alone hardly ever waits.
 *
 * How often the loop goes round counts: Node accepts one connection each time (docs/adr/0054).
 */
export const turns = (slice: number = SLICE) => {
  const waiting: Array<() => void> = []
  let end = 0
  let isRunning = false

  const begin = (): void => {
    end = performance.now() + slice
    for (let go = waiting.shift(); go !== undefined; go = waiting.shift()) {
      go()
      if (performance.now() >= end) break
    }
    isRunning = waiting.length > 0
    if (isRunning) setImmediate(begin)
  }

  return Effect.callback<void>((resume) => {
    const go = () => resume(Effect.void)
    if (!isRunning) {
      isRunning = true
      end = performance.now() + slice
      setImmediate(begin)
      return go()
    }
    if (waiting.length === 0 && performance.now() < end) return go()
    waiting.push(go)
    return Effect.sync(() => {
      const at = waiting.indexOf(go)
      if (at !== -1) waiting.splice(at, 1)
    })
  })
}

/** A turn on the event loop of this process. */
export const turn = turns()
