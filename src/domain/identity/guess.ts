import { DateTime, Duration, Effect, Schema } from "effect"
import type { Client } from "../Client.ts"
import { type Happening, record } from "../event/record.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import type { Email } from "./Email.ts"
import { Guesses } from "./Guesses.ts"
import type { Verdict } from "./guessing.ts"

/** Too many failures, here or on this account; `retryAfter` in seconds. It says nothing about the attempt itself. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", { retryAfter: Schema.Number }) {}

const enforce = (verdict: Verdict, now: DateTime.Utc): Effect.Effect<void, RateLimited> =>
  verdict._tag === "Allowed"
    ? Effect.void
    : Effect.fail(new RateLimited({ retryAfter: Math.ceil(Duration.toSeconds(DateTime.distance(now, verdict.until))) }))

/**
 * Before a password is checked: nobody who has to wait costs a hash. Of all who are turned away in one wait the first
 * alone leaves an event, or the trail could be flooded for nothing.
 */
export const admitGuess = Effect.fn("admitGuess")(function* (email: Email | null, client: Client) {
  const guesses = yield* Guesses
  const now = yield* DateTime.now
  const admission = yield* guesses.admit({ email, ipAddress: client.ipAddress }, now)
  if (admission._tag === "Wait" && admission.isNews) {
    yield* record({ type: "sign-in.failed", outcome: "failure", client, detail: { reason: "rate-limited" } })
  }
  yield* enforce(admission, now)
})

/** After a password was wrong: counts it, with the event that tells of it if one does. */
export const failedGuess = Effect.fn("failedGuess")(function* (
  email: Email | null,
  client: Client,
  happening?: Omit<Happening, "client" | "outcome">
) {
  const guesses = yield* Guesses
  const unit = yield* UnitOfWork
  const now = yield* DateTime.now
  const counted = Effect.gen(function* () {
    const verdict = yield* guesses.failed({ email, ipAddress: client.ipAddress }, now)
    if (verdict._tag === "Allowed" && happening !== undefined) {
      yield* record({ ...happening, outcome: "failure", client })
    }
    return verdict
  })
  // The unit succeeds with what was found: a failure inside it would undo the count.
  yield* enforce(yield* unit.transaction(counted), now)
})

/** After a password was right, inside the unit of work that acts on it: fails when too many guesses came in between. */
export const rightGuess = Effect.fn("rightGuess")(function* (email: Email, client: Client) {
  const guesses = yield* Guesses
  const now = yield* DateTime.now
  yield* enforce(yield* guesses.succeeded({ email, ipAddress: client.ipAddress }, now), now)
})
