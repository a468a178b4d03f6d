import { Context, Effect, type Fiber } from "effect"
import express, { type Express, type NextFunction, type Request, type Response } from "express"
import type { Fleeting } from "./Fleeting.ts"
import { adapter } from "./adapter.ts"
import { AllowedOrigins } from "./AllowedOrigins.ts"
import { cors } from "./cors.ts"
import { measure } from "./measure.ts"
import { malformed, methodNotAllowed, nothingHere } from "./refuse.ts"
import type { Route } from "./route.ts"
import { securityHeaders } from "./securityHeaders.ts"
import { TrustedProxies } from "./TrustedProxies.ts"

const HOST = "host"
const AUTHORIZATION = "authorization"

/**
 * Whether a request names its host, as all but those of HTTP/1.0 must (RFC 9112 §3.2), and has nothing twice that may come
 * once (RFC 9110 §11.6.2): of two, whoever stands before us may have believed the other.
 */
const isPlain = ({ httpVersionMinor, rawHeaders }: Request): boolean => {
  let hosts = 0
  let authorizations = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ""
    if (name.length === HOST.length && name.toLowerCase() === HOST) hosts += 1
    else if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) authorizations += 1
  }
  return (hosts === 1 || (hosts === 0 && httpVersionMinor === 0)) && authorizations <= 1
}

/** The methods of a path: HEAD is there where GET is (RFC 9110 §9.1). */
const allowed = (methods: ReadonlyArray<string>): string =>
  methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ")

/** The Express application: it finds the route and knows nothing else. Paths are as written, to the letter and the slash. */
export const makeApp = <R>(
  routes: ReadonlyArray<Route<R>>,
  services: Context.Context<R>,
  inFlight: Fleeting<Fiber.Fiber<unknown, unknown>>
): Express => {
  const serve = adapter(services, securityHeaders(Context.get(services, TrustedProxies)), inFlight)
  const app = express()
  app.disable("x-powered-by").disable("etag").enable("case sensitive routing").enable("strict routing")
  app.set("query parser", false)
  const unclear = serve(() =>
    Effect.fail(malformed("A request has one header field Host, and at most one Authorization"))
  )
  const isGranted = cors(Context.get(services, AllowedOrigins))
  const granted = serve(() => Effect.succeed({ status: 204, headers: {}, body: null }))
  app.use((request, response, next) => {
    measure(request, response)
    if (isGranted(request, response)) granted(request, response)
    else if (isPlain(request)) next()
    else unclear(request, response)
  })

  for (const [path, there] of Map.groupBy(routes, ({ endpoint }) => endpoint.path)) {
    const place = app.route(path)
    for (const { endpoint, handle, ofProblem } of there) {
      switch (endpoint.method) {
        case "GET":
          place.get(serve(handle, ofProblem))
          break
        case "POST":
          place.post(serve(handle, ofProblem))
          break
        case "PUT":
          place.put(serve(handle, ofProblem))
          break
        case "PATCH":
          place.patch(serve(handle, ofProblem))
          break
        case "DELETE":
          place.delete(serve(handle, ofProblem))
          break
        default:
          throw new Error(`No route is made for the method ${endpoint.method}`)
      }
    }
    const allow = allowed(there.map(({ endpoint }) => endpoint.method))
    place.all(serve(({ method }) => Effect.fail(methodNotAllowed(method, allow)), there[0]?.ofProblem))
  }

  app.use(serve(() => Effect.fail(nothingHere)))
  // Express says so when it cannot decode a path; whatever else arrives here is not the client's doing.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    serve(() =>
      error instanceof URIError ? Effect.fail(malformed("The path is not well-formed")) : Effect.die(error)
    )(request, response)
  })
  return app
}
