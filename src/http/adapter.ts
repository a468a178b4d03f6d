import { Cause, type Context, Effect, Exit, type Fiber, type Scope } from "effect"
import type { Request, Response } from "express"
import type { Fleeting } from "./Fleeting.ts"
import type { ServiceError } from "../domain/ServiceResult.ts"
import { problemOf } from "./problem/problemOf.ts"
import type { Problem } from "./problem/Problem.ts"
import { ofProblem, type Reply } from "./Reply.ts"
import { nameRequest, REQUEST_ID } from "./requestId.ts"
import type { Fields } from "./securityHeaders.ts"
import { isWhole, send, sendWhole } from "./send.ts"

type Handle<R> = (
  request: Request,
  requestId: string,
  services: Context.Context<R>
) => Effect.Effect<Reply<R | Scope.Scope>, ServiceError | Problem, R | Scope.Scope>

/** The reply of a handler that waited for nothing. */
const atOnce = <R>(handled: ReturnType<Handle<R>>): Reply<R | Scope.Scope> | undefined =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an `Exit` is an effect of the same type
  Exit.isExit(handled) && Exit.isSuccess(handled) ? (handled.value as Reply<R>) : undefined

/**
 * Where Effect meets Express. An answer that waits for nothing is written at once; any other has a fiber and a scope of its own,
 * alive until its last byte has gone, which a client that goes away ends. `always` are the header fields of whatever is answered,
 * `inFlight` holds the fibers for whoever has to wait for them; `write` is how an error is written.
 */
export const adapter =
  <R>(
    services: Context.Context<R>,
    always: (request: Request) => Fields,
    inFlight: Fleeting<Fiber.Fiber<unknown, unknown>>
  ) =>
  (handle: Handle<R>, write = ofProblem) => {
    const run = Effect.runForkWith(services)
    return (request: Request, response: Response): void => {
      const id = nameRequest()
      const handled = handle(request, id, services)
      const known = atOnce(handled)
      if (known !== undefined && isWhole(known)) return sendWhole(response, known, [REQUEST_ID, id, ...always(request)])
      const answer = Effect.catchCause(handled, (cause) =>
        // Nobody is there to be answered when a request was interrupted.
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Effect.map(problemOf(cause), (problem) => write(problem, id))
      )
      const fiber = run(
        Effect.flatMap(answer, (reply) =>
          send(request.method, response, reply, [REQUEST_ID, id, ...always(request)])
        ).pipe(
          Effect.scoped,
          Effect.catchCause((cause) => cutOff(response, cause)),
          Effect.annotateLogs("request_id", id)
        )
      )
      // Most are answered without having waited for anything.
      if (fiber.pollUnsafe() !== undefined) return
      inFlight.add(fiber)
      fiber.addObserver(() => inFlight.delete(fiber))
      response.once("close", () => fiber.interruptUnsafe())
    }
  }

/**
 * The status has been sent, so a broken connection is all that can still tell that the answer is not whole. What a registry
 * broke off is no error of the service's.
 */
const cutOff = (response: Response, cause: Cause.Cause<ServiceError>) =>
  Effect.andThen(
    Cause.hasInterruptsOnly(cause)
      ? Effect.void
      : Effect.flatMap(problemOf(cause), ({ code }) => Effect.logInfo("an answer was cut off", code)),
    Effect.sync(() => response.destroy())
  )
