import { Clock, Duration, Effect, Stream } from "effect"
import { LayerLimitExceeded } from "./LayerError.ts"

/**
 * Fails a stream that is not through in time, whoever is the slow one. The time runs from the first pull; a pull that
 * is under way when it is up is interrupted.
 */
export const withDeadline = <A, E, R>(
  stream: Stream.Stream<A, E, R>,
  timeout: Duration.Duration
): Stream.Stream<A, E | LayerLimitExceeded, R> =>
  Stream.transformPull(stream, (pull) =>
    Effect.map(Clock.currentTimeMillis, (start) => {
      const value = Duration.toMillis(timeout)
      const late = Effect.fail(new LayerLimitExceeded({ limit: "time", of: "layer", value }))
      return Effect.flatMap(Clock.currentTimeMillis, (now) =>
        now - start >= value
          ? late
          : Effect.timeoutOrElse(pull, { duration: Duration.millis(start + value - now), orElse: () => late })
      )
    })
  )
