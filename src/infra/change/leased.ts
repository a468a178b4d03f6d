import { Clock, Context, Effect, Layer, Metric } from "effect"
import { shown } from "../observability/shown.ts"
import { Audience, mustBeKnown } from "./Audience.ts"
import { ChangeFeed } from "./ChangeFeed.ts"
import { changeLog } from "./ChangeLog.ts"
import { lease } from "./Lease.ts"
import { LEASE_OVER } from "./leaseTerms.ts"
import { presence } from "./Presence.ts"
import { wordOfMouth } from "./wordOfMouth.ts"

const waits = Metric.histogram("keyhole_change_wait_seconds", {
  description:
    "Seconds until all other instances knew of what was taken away: they said so (receipts), or had to ask (leases)",
  boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
})
const waitsBy = {
  receipts: shown(Metric.withAttributes(waits, { by: "receipts" })),
  leases: shown(Metric.withAttributes(waits, { by: "leases" }))
}

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
    const { current, isCurrent } = yield* lease(log.catchUp, until)
    return Context.make(ChangeFeed, ChangeFeed.of({ current, isCurrent, listen: log.listen })).pipe(
      Context.add(
        Audience,
        Audience.of({
          tell: Effect.fnUntraced(function* (announcement) {
            log.anticipate(announcement.changes)
            const others = announcement.present.filter((each) => each !== id)
            if (others.length === 0) return
            const known = Effect.raceFirst(
              Effect.as(Effect.sleep(LEASE_OVER), "leases" as const),
              Effect.as(spread(announcement.changes, others), "receipts" as const)
            )
            if (!mustBeKnown(announcement)) {
              yield* Effect.forkIn(known, scope)
              return
            }
            const begun = yield* Clock.monotonicTimeNanos
            const by = yield* known
            yield* Metric.update(waitsBy[by], Number((yield* Clock.monotonicTimeNanos) - begun) / 1e9)
          })
        })
      )
    )
  })
)
