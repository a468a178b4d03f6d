import { Context, Metric } from "effect"
import { shown } from "./shown.ts"

const noServices = Context.empty()

/** Begins to wait for the store; to be told when that is over, and whether there was an answer. */
const waitingFor = (store: "database" | "redis") => {
  const attributes = { store }
  const time = shown(
    Metric.histogram("keyhole_store_seconds", {
      description: "Seconds that a store took to answer or was waited for, by store",
      boundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      attributes
    })
  )
  const failed = shown(
    Metric.counter("keyhole_store_failures_total", {
      description: "What was asked of a store that could not be reached or did not answer, by store",
      incremental: true,
      attributes
    })
  )
  return () => {
    const begun = performance.now()
    return (answered: boolean): void => {
      time.updateUnsafe((performance.now() - begun) / 1000, noServices)
      if (!answered) failed.updateUnsafe(1, noServices)
    }
  }
}

export const waitingForDatabase = waitingFor("database")
export const waitingForRedis = waitingFor("redis")
