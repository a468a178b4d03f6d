import { Context, Effect, Layer } from "effect"
import { Audience, mustBeKnown } from "./Audience.ts"
import { ChangeFeed } from "./ChangeFeed.ts"
import { changeLog } from "./ChangeLog.ts"
import { lease } from "./Lease.ts"
import { LEASE_OVER } from "./leaseTerms.ts"
import { presence } from "./Presence.ts"
import { wordOfMouth } from "./wordOfMouth.ts"

/**
 * For instances that share a database over the network. Each looks at the log regularly and answers from memory for a moment
 * after; a change that takes something away is acknowledged when all others have heard of it, or when the moment of those who
 * have not is over.
 */
export const leased = Layer.effectContext(
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const log = yield* changeLog
    const { id, until } = yield* presence
    const spread = yield* wordOfMouth(id, log.anticipate)
    const current = yield* lease(log.catchUp, until)
    return Context.make(ChangeFeed, ChangeFeed.of({ current, listen: log.listen })).pipe(
      Context.add(
        Audience,
        Audience.of({
          tell: Effect.fnUntraced(function* (announcement) {
            log.anticipate(announcement.changes)
            const others = announcement.present.filter((each) => each !== id)
            if (others.length === 0) return
            const known = Effect.raceFirst(Effect.sleep(LEASE_OVER), spread(announcement.changes, others))
            yield* mustBeKnown(announcement) ? known : Effect.forkIn(known, scope)
          })
        })
      )
    )
  })
)
