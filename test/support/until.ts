import { setTimeout as pause } from "node:timers/promises"

/** Waits until something has become true, and fails when that takes too long. */
export const until = async (condition: () => boolean, within = 5000) => {
  const deadline = Date.now() + within
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("it did not come true in time")
    await pause(2)
  }
}
