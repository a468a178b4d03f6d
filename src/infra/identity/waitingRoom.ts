import { Clock, Effect, Metric, Semaphore } from "effect"
import { Overloaded } from "../../domain/identity/PasswordHasher.ts"
import { secondsUntilRoom } from "../../domain/secondsUntilRoom.ts"
import { shown } from "../observability/shown.ts"

const checks = shown(Metric.gauge("keyhole_password_checks", { description: "Password checks at work or waiting" }))
const turnedAway = shown(
  Metric.counter("keyhole_password_checks_refused_total", {
    description: "Password checks that were refused because too many were waiting",
    incremental: true
  })
)

export interface Places {
  /** Works done at once. */
  readonly concurrency: number
  /** How many more may wait. */
  readonly queue: number
}

/**
 * Lets a bounded number of works run, a bounded number wait, and sends the others away with the time after which there
 * should be room again. Who is interrupted while waiting gives the place back; a work that has begun is not interrupted,
 * because the machine would go on with it all the same.
 */
export const waitingRoom = Effect.fnUntraced(function* ({ concurrency, queue }: Places) {
  const turns = yield* Semaphore.make(concurrency)
  let inside = 0
  let lastMillis = 0

  const enter = Effect.suspend(() => {
    if (inside >= concurrency + queue) {
      const retryAfter = secondsUntilRoom(inside, concurrency, lastMillis)
      return Effect.andThen(Metric.update(turnedAway, 1), Effect.fail(new Overloaded({ retryAfter })))
    }
    inside += 1
    return Metric.update(checks, inside)
  })
  const leave = Effect.suspend(() => {
    inside -= 1
    return Metric.update(checks, inside)
  })
  const timed = Effect.fnUntraced(function* <A>(work: Effect.Effect<A>) {
    const start = yield* Clock.currentTimeMillis
    const result = yield* work
    lastMillis = (yield* Clock.currentTimeMillis) - start
    return result
  })

  return <A>(work: Effect.Effect<A>): Effect.Effect<A, Overloaded> =>
    Effect.acquireUseRelease(
      enter,
      () => turns.withPermit(Effect.uninterruptible(timed(work))),
      () => leave
    )
})
