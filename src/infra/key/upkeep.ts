import { DateTime, Duration, Effect, Schedule } from "effect"
import { noClient } from "../../domain/Client.ts"
import { rotateKeys, type Taken } from "../../domain/key/rotateKeys.ts"

/** What is due is done within this time. */
const EVERY = Duration.minutes(1)

const told = (step: Taken): string => {
  switch (step._tag) {
    case "Published":
      return `the signing key ${step.key} was made, as the ${step.as === "Next" ? "next" : "current"} one`
    case "Activated":
      return `the signing key ${step.key} is current now`
    case "Retired":
      return `the signing key ${step.key} retires until ${DateTime.formatIso(step.until)}`
    case "Removed":
      return `the signing key ${step.key} is gone: its tokens are over`
  }
}

/** Does what is due with the keys: the first ones, the next one, the turn of the schedule, the end of the retiring ones. */
export const upkeep = Effect.flatMap(rotateKeys({ _tag: "WhatIsDue" }, noClient), (taken) =>
  Effect.forEach(taken, (step) => Effect.logInfo(told(step)), { discard: true })
)

/** Keeps the keys until the scope ends. A store that fails is asked again the next time. */
export const keepUp = upkeep.pipe(
  Effect.catchCause((cause) => Effect.logWarning("the signing keys could not be looked after", cause)),
  Effect.schedule(Schedule.spaced(EVERY)),
  Effect.forkScoped
)
