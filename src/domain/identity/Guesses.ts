import { Context, type DateTime, Effect, Layer } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Email } from "./Email.ts"
import type { Verdict } from "./guessing.ts"

/** Somebody tries a password on an account, known or not, or asks for a new one. */
export interface Attempt {
  readonly email: Email | null
  readonly ipAddress: string | null
}

/** To the first who is turned away in a wait it is news, to the others it is not. */
export type Admission = Verdict & { readonly isNews: boolean }

/**
 * What failed attempts lead to (OWASP ASVS 5.0 §6.3.1), shared by all processes of the service: the policy is `guessing`.
 *
 * Each method is one atomic step. Attempts that run at the same time may all be admitted; a failure counts before it is
 * told, and who has to wait by then is told nothing, not even that the password was right: of any number of parallel
 * guesses no more outcomes come out than are allowed.
 */
export class Guesses extends Context.Service<
  Guesses,
  {
    /** Asked before the password is looked at, which is what costs. */
    readonly admit: (attempt: Attempt, now: DateTime.Utc) => Effect.Effect<Admission, StorageUnavailable>
    /** Counts a failure; the verdict is on telling it. */
    readonly failed: (attempt: Attempt, now: DateTime.Utc) => Effect.Effect<Verdict, StorageUnavailable>
    /** The password was right; the verdict is on telling that. Belongs inside the unit of work that acts on it. */
    readonly succeeded: (attempt: Attempt, now: DateTime.Utc) => Effect.Effect<Verdict, StorageUnavailable>
  }
>()("keyhole/domain/identity/Guesses") {}

/** Nobody ever waits: for load tests. */
export const unlimited = Layer.succeed(
  Guesses,
  Guesses.of({
    admit: () => Effect.succeed({ _tag: "Allowed", isNews: false }),
    failed: () => Effect.succeed({ _tag: "Allowed" }),
    succeeded: () => Effect.succeed({ _tag: "Allowed" })
  })
)
