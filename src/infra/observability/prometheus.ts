import { monitorEventLoopDelay } from "node:perf_hooks"
import { Effect, Layer, Metric } from "effect"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { Exposition } from "../../domain/Exposition.ts"
import { Health } from "../../domain/Health.ts"

const memory = Metric.gauge("process_resident_memory_bytes", { description: "Resident memory" })
const heap = Metric.gauge("nodejs_heap_used_bytes", { description: "Memory in use by JavaScript objects" })
const cpu = Metric.counter("process_cpu_seconds_total", { description: "Processor time, of all threads" })
const started = Metric.gauge("process_start_time_seconds", { description: "When the process started, Unix time" })
const delay = Metric.gauge("nodejs_eventloop_delay_seconds", {
  description: "How late the event loop was since the metrics were last read"
})

const dependencies = Metric.gauge("keyhole_dependency_up", {
  description: "Whether what the service depends on answered when the metrics were read: 1, or 0"
})

const QUANTILES = [50, 99]
const NANO = 1e9
const MICRO = 1e6

const watching = Effect.acquireRelease(
  Effect.sync(() => {
    const loop = monitorEventLoopDelay({ resolution: 10 })
    loop.enable()
    return loop
  }),
  (loop) => Effect.sync(() => loop.disable())
)

const make = Effect.gen(function* () {
  const loop = yield* watching
  const { checks } = yield* Health
  let counted = 0
  yield* Metric.update(started, Date.now() / 1000 - process.uptime())

  const text = Effect.gen(function* () {
    const { rss, heapUsed } = process.memoryUsage()
    yield* Metric.update(memory, rss)
    yield* Metric.update(heap, heapUsed)
    const { user, system } = process.cpuUsage()
    yield* Metric.update(cpu, (user + system) / MICRO - counted)
    counted = (user + system) / MICRO
    for (const quantile of QUANTILES) {
      const tagged = Metric.withAttributes(delay, { quantile: String(quantile / 100) })
      yield* Metric.update(tagged, loop.percentile(quantile) / NANO)
    }
    loop.reset()
    for (const { name, state } of yield* checks) {
      yield* Metric.update(Metric.withAttributes(dependencies, { name }), state === "up" ? 1 : 0)
    }
    return yield* PrometheusMetrics.format()
  })
  return Exposition.of({ text })
})

/** The text format of Prometheus, with what is known of the process at the moment of asking. */
export const layer = Layer.effect(Exposition, make)
