import { Context, Effect, Layer } from "effect"
import type { Change } from "./Change.ts"
import { LEASE_OVER } from "./leaseTerms.ts"

/** What was committed, and who was there to remember the old: the ids of instances, this one perhaps among them. */
export interface Announcement {
  readonly changes: ReadonlyArray<Change>
  readonly present: ReadonlyArray<string>
}

/** Who remembers what the database says, and has to hear of a change before it is acknowledged. */
export class Audience extends Context.Service<
  Audience,
  {
    /**
     * Called when changes are committed. Ends when nobody goes by the old any more, if one of them takes something away: a
     * revocation is acknowledged after this.
     */
    readonly tell: (announcement: Announcement) => Effect.Effect<void>
  }
>()("keyhole/infra/change/Audience") {}

export const mustBeKnown = ({ changes }: Announcement): boolean => changes.some((change) => !("harmless" in change))

/** Whoever shares an embedded database looks into it before each answer: there is nobody to wait for. */
export const attentive = Layer.succeed(Audience, { tell: () => Effect.void })

/** For a process that remembers nothing itself and ends soon: waits until what others remember has run out. */
export const patient = Layer.succeed(Audience, {
  tell: (announcement) =>
    mustBeKnown(announcement) && announcement.present.length > 0 ? Effect.sleep(LEASE_OVER) : Effect.void
})
