import { Cause, Effect } from "effect"
import type { ServiceError } from "../../domain/ServiceResult.ts"
import { Problem } from "./Problem.ts"
import { fromServiceError } from "./table.ts"
import { internalError } from "../refuse.ts"

/** How a failure is answered. What is the service's own fault goes to the log, and nothing of it into the answer. */
export const problemOf = (cause: Cause.Cause<ServiceError | Problem>): Effect.Effect<Problem> => {
  const failure = cause.reasons.find(Cause.isFailReason)?.error
  const problem =
    failure === undefined ? internalError : failure instanceof Problem ? failure : fromServiceError(failure)
  return problem.status === 500
    ? Effect.as(Effect.logError("a request failed", cause), problem)
    : Effect.succeed(problem)
}
