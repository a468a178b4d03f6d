import { Context, Metric } from "effect"
import type { Request, Response } from "express"

const requests = (attributes: Metric.Metric.AttributeSet) =>
  Metric.counter("keyhole_http_requests_total", {
    description: "Requests by method, route and status; 499 is one whose client went away before the answer was whole",
    incremental: true,
    attributes
  })

const durations = (attributes: Metric.Metric.AttributeSet) =>
  Metric.histogram("keyhole_http_request_duration_seconds", {
    description: "Seconds from a request's head to its answer's last byte, by method and route",
    boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    attributes
  })

const CLIENT_GONE = 499
const NOWHERE = "none"

const services = Context.empty()

// Made with their attributes: `withAttributes` would merge them anew for each count.
const seriesOf = (method: string, route: string, status: string) => ({
  requests: requests({ method, route, status }),
  durations: durations({ method, route })
})

/** Each series is made once. */
const made = new Map<string, ReturnType<typeof seriesOf>>()

const series = (method: string, route: string, status: string): ReturnType<typeof seriesOf> => {
  const key = `${status} ${method} ${route}`
  const known = made.get(key)
  if (known !== undefined) return known
  const fresh = seriesOf(method, route, status)
  made.set(key, fresh)
  return fresh
}

/** The pattern of the route that Express found: there are as many as endpoints, whatever paths are asked for. */
const routeOf = (request: Request): string => {
  const found: unknown = request.route
  return typeof found === "object" && found !== null && "path" in found ? String(found.path) : NOWHERE
}

/** Counts every request when its answer is over, however it ended. */
export const measure = (request: Request, response: Response): void => {
  const start = performance.now()
  response.once("close", () => {
    const { method } = request
    const route = routeOf(request)
    const status = String(response.writableFinished ? response.statusCode : CLIENT_GONE)
    const counted = series(method, route, status)
    counted.requests.updateUnsafe(1, services)
    counted.durations.updateUnsafe((performance.now() - start) / 1000, services)
  })
}
