import { Result } from "effect"
import type { Problem } from "./problem/Problem.ts"
import { unacceptable } from "./refuse.ts"

interface Given {
  readonly path?: string
  readonly path_base64?: string
}

/** The path a query means, however it is given, and the rest of the query. */
export const wantedPath = <Query extends Given>({
  path,
  path_base64: bytes,
  ...rest
}: Query): Result.Result<Omit<Query, keyof Given> & { readonly path?: string }, Problem> => {
  if (path !== undefined && bytes !== undefined) {
    return Result.fail(unacceptable([{ pointer: "/path_base64", detail: "This is given beside path: one of them" }]))
  }
  const wanted = path ?? bytes
  return Result.succeed({ ...rest, ...(wanted !== undefined && { path: wanted }) })
}

export const missingPath = unacceptable([{ pointer: "/path", detail: "This is missing" }])
