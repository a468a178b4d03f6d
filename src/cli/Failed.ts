import { Effect, Schema } from "effect"
import { printable } from "../domain/image/lsLine.ts"
import type { ServiceError } from "../domain/ServiceResult.ts"
import { Application } from "./Application.ts"

/** A command did not do what it was asked to; `message` says why. */
export class Failed extends Schema.TaggedError<Failed>()("Failed", { message: Schema.String }) {}

/** The service's errors as the sentences that the service says. Names in them are strangers': no terminal obeys them. */
export const inWords = <A, R>(effect: Effect.Effect<A, ServiceError | Failed, R>) =>
  effect.pipe(
    Effect.catch((error) =>
      error._tag === "Failed"
        ? Effect.fail(error)
        : Effect.flatMap(Application, ({ describe }) =>
            Effect.fail(new Failed({ message: printable(describe(error)) }))
          )
    )
  )

/** Of two names on one command line, says which one is nobody's. */
export const naming = <A, R>(
  names: { readonly user: string; readonly role: string },
  effect: Effect.Effect<A, ServiceError, R>
) =>
  Effect.catchTag(effect, "NotFound", ({ what }) =>
    Effect.fail(new Failed({ message: `There is no ${what} ${what === "role" ? names.role : names.user}` }))
  )
