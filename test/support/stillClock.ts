import { Clock, Duration, Effect, Layer } from "effect"

/**
 * A clock that stands still until the test moves it. Who sleeps, sleeps in real time: a service over sockets goes on and can be
 * stopped, and its sweeps do not wake for each minute that is skipped.
 */
export const stillClock = () => {
  const real = Effect.runSync(Clock.clockWith((clock) => Effect.succeed(clock)))
  let millis = real.currentTimeMillisUnsafe()
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => millis,
    currentTimeMillis: Effect.sync(() => millis),
    currentTimeNanosUnsafe: () => BigInt(millis) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(millis) * 1_000_000n),
    monotonicTimeNanosUnsafe: () => real.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: real.monotonicTimeNanos,
    sleep: (duration) => real.sleep(duration)
  }
  return {
    layer: Layer.succeed(Clock.Clock, clock),
    pass: (time: Duration.Input) => {
      millis += Duration.toMillis(Duration.fromInputUnsafe(time))
    }
  }
}
