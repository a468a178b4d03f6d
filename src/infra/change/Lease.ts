import { Clock, Context, Deferred, Duration, Effect, Exit, Latch, Metric } from "effect"
import type { StorageUnavailable } from "../../domain/storage/StorageUnavailable.ts"
import { LEASE, LOOK_EVERY } from "./leaseTerms.ts"

const NANOS = Duration.toNanosUnsafe(LEASE)
const MILLIS = Duration.toMillis(LEASE)

const looks = Metric.histogram("keyhole_change_look_seconds", {
  description: "Seconds that a look at the log of changes took which was answered",
  boundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
})
const lastLook = Metric.gauge("keyhole_change_last_look_timestamp_seconds", {
  description: "When the last look at the log of changes was sent that was answered, Unix time"
})
const lost = Metric.gauge("keyhole_change_feed_lost", {
  description: "1 while the log of changes cannot be read, and nothing is answered from memory"
})
const noServices = Context.empty()

type Looked = Deferred.Deferred<void, StorageUnavailable>

/**
 * Looks regularly, until the scope ends; a lease holds when the last look was sent less than its length ago, and `current`
 * succeeds then, or after a look that was sent later. However many wait, there is one look, and one failure for all of them.
 *
 * A lease ends by the monotonic clock; by the clock on the wall too, because the other stands still while a machine sleeps.
 * `relyUntil` may end it earlier (on the monotonic clock, in nanoseconds).
 */
export const lease = Effect.fnUntraced(function* (
  look: Effect.Effect<void, StorageUnavailable>,
  relyUntil: () => bigint
) {
  const clock = yield* Clock.Clock
  const wanted = yield* Latch.make()
  let until = 0n
  let untilOnTheWall = 0
  let waiting: Array<Looked> = []
  let isLost = false
  lost.updateUnsafe(0, noServices)

  const holds = () => clock.monotonicTimeNanosUnsafe() < until && clock.currentTimeMillisUnsafe() < untilOnTheWall

  const tell = (exit: Exit.Exit<void, StorageUnavailable>) => {
    if (Exit.isFailure(exit) === isLost) return Effect.void
    isLost = Exit.isFailure(exit)
    lost.updateUnsafe(isLost ? 1 : 0, noServices)
    return Exit.isFailure(exit)
      ? Effect.logWarning("the database is lost: what cannot be answered without it is refused", exit.cause)
      : Effect.logInfo("the database is back")
  }

  const lookOnce = Effect.gen(function* () {
    const asked = waiting
    waiting = []
    wanted.closeUnsafe()
    const sentAt = clock.monotonicTimeNanosUnsafe()
    const sentAtOnTheWall = clock.currentTimeMillisUnsafe()
    // As it is now: who enters the table of instances during the look is not known to those who committed during it.
    const reliable = relyUntil()
    const exit = yield* Effect.exit(look)
    if (Exit.isSuccess(exit)) {
      until = sentAt + NANOS < reliable ? sentAt + NANOS : reliable
      untilOnTheWall = sentAtOnTheWall + MILLIS
      looks.updateUnsafe(Number(clock.monotonicTimeNanosUnsafe() - sentAt) / 1e9, noServices)
      lastLook.updateUnsafe(sentAtOnTheWall / 1000, noServices)
    }
    // Those who came during the look fail with it, or they would wait one after the other for a server that hangs.
    const too = Exit.isFailure(exit) || holds() ? waiting.splice(0) : []
    for (const each of [...asked, ...too]) Deferred.doneUnsafe(each, exit)
    yield* tell(exit)
  })

  const pause = Effect.suspend(() =>
    waiting.length > 0 ? Effect.void : Effect.raceFirst(Effect.sleep(LOOK_EVERY), wanted.await)
  )
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(lookOnce, pause)))

  const afterLook = Effect.suspend(() => {
    const looked: Looked = Deferred.makeUnsafe()
    waiting.push(looked)
    wanted.openUnsafe()
    return Deferred.await(looked)
  })
  return { isCurrent: holds, current: Effect.suspend(() => (holds() ? Effect.void : afterLook)) }
})
