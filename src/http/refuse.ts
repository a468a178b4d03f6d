import type { InputError } from "./api/problem/schemas.ts"
import { challenge } from "./challenge.ts"
import { type Problem, problem } from "./problem/Problem.ts"

/** The problems that belong to HTTP itself rather than to a use case. */

export const malformed = (detail: string): Problem => problem("invalid-request", 400, { detail, members: {} })

export const tooLarge = (limit: number): Problem =>
  problem("invalid-request", 413, {
    detail: `The body may have at most ${limit} bytes`,
    members: {},
    // What is left of the body is not read, so the connection is of no more use (RFC 9110 §15.5.14).
    headers: { Connection: "close" }
  })

export const unsupportedType = (detail: string): Problem => problem("invalid-request", 415, { detail, members: {} })

/** Enough to repair a request by; a body can hold thousands of mistakes, and the answer must not outgrow it. */
const ERRORS_SHOWN = 20
/** A way into what is nested deeply is as long as the body. */
const POINTER_SHOWN = 120

export const unacceptable = (all: ReadonlyArray<InputError>): Problem => {
  const errors = all
    .slice(0, ERRORS_SHOWN)
    .map(({ pointer, detail }) => ({ pointer: pointer.slice(0, POINTER_SHOWN), detail }))
  return problem("invalid-request", 422, {
    detail: errors.map(({ pointer, detail }) => (pointer === "" ? detail : `${pointer}: ${detail}`)).join("; "),
    members: { errors }
  })
}

export const nothingHere: Problem = problem("not-found", 404, {
  detail: "There is nothing here; /docs says what there is",
  members: {}
})

export const methodNotAllowed = (method: string, allow: string): Problem =>
  problem("method-not-allowed", 405, {
    detail: `${method} is not allowed here, only ${allow}`,
    members: {},
    headers: { Allow: allow }
  })

export const notBearer: Problem = problem("token-missing", 401, {
  detail: "The header Authorization must be of the form: Bearer, a space, an access token",
  members: {},
  headers: challenge
})

export const internalError: Problem = problem("internal-error", 500, {
  detail: "Something went wrong inside; the request id finds it in the log",
  members: {}
})
