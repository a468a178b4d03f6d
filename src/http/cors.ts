import type { Request, Response } from "express"

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
const HEADERS = "Authorization, Content-Type"
const EXPOSED = "X-Request-Id, Retry-After, Keyhole-Layer, Keyhole-Path, Content-Disposition"
/** Seconds for which a browser need not ask again: what browsers keep at most is two hours. */
const MAX_AGE = "7200"

/**
 * Lets pages of these origins read the answers, credentials included (Fetch §3.2.5). An origin is one of them to the letter or
 * is told nothing: `null` is anybody's sandbox, and what only ends or begins alike is somebody else's. Whether the request only
 * asks what it may ask, and has nothing more to be told.
 */
export const cors =
  (allowed: ReadonlySet<string>) =>
  (request: Request, response: Response): boolean => {
    if (allowed.size === 0) return false
    // Told to everybody, or a cache would give one origin's answer to another.
    response.vary("Origin")
    const { origin } = request.headers
    if (origin === undefined || !allowed.has(origin)) return false
    response.setHeader("Access-Control-Allow-Origin", origin)
    response.setHeader("Access-Control-Allow-Credentials", "true")
    if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) {
      response.setHeader("Access-Control-Expose-Headers", EXPOSED)
      return false
    }
    response.setHeader("Access-Control-Allow-Methods", METHODS)
    response.setHeader("Access-Control-Allow-Headers", HEADERS)
    response.setHeader("Access-Control-Max-Age", MAX_AGE)
    return true
  }
