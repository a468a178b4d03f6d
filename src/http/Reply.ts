import type { Stream } from "effect"
import type { ServiceError } from "../domain/ServiceResult.ts"
import { type Problem, toDocument } from "./problem/Problem.ts"

/**
 * An answer, ready to be sent. A stream is pulled as fast as the client reads; it cannot fail in a way that HTTP could
 * still tell, so a failure cuts the connection.
 */
export interface Reply<R = never> {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | Stream.Stream<Uint8Array, ServiceError, R> | null
}

export const JSON_TYPE = "application/json; charset=utf-8"

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): Reply & { readonly body: string } => ({
  status,
  headers: { "Content-Type": JSON_TYPE, ...headers },
  body: JSON.stringify(body)
})

export const ofProblem = (problem: Problem, requestId: string): Reply => ({
  status: problem.status,
  headers: { "Content-Type": "application/problem+json", ...problem.headers },
  body: JSON.stringify(toDocument(problem, requestId))
})
