import { setTimeout as pause } from "node:timers/promises"

/** Asks again until the answer is yes. */
export const eventually = async (is: () => Promise<boolean>, within = 60_000) => {
  const deadline = performance.now() + within
  while (!(await is())) {
    if (performance.now() > deadline) throw new Error("it did not come true in time")
    await pause(20)
  }
}
