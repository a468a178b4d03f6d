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
  const waiting = new Set<() => void>()
  let end = 0
  let isRunning = false

  const begin = (): void => {
    end = performance.now() + slice
    for (const go of waiting) {
      waiting.delete(go)
      go()
      if (performance.now() >= end) break
    }
    isRunning = waiting.size > 0
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
    if (waiting.size === 0 && performance.now() < end) return go()
    waiting.add(go)
    return Effect.sync(() => waiting.delete(go))
  })
}

/** A turn on the event loop of this process. */
export const turn = turns()
