import { Clock, Duration, Effect, Layer, Option, Schedule } from "effect"
import { TokenStorage } from "../../domain/token/TokenStorage.ts"

const SWEEP_EVERY = Duration.minutes(1)

interface Entry {
  readonly value: string
  readonly endsAt: number
}

const make = Effect.gen(function* () {
  const entries = new Map<string, Entry>()

  const live = Effect.fnUntraced(function* (key: string) {
    const now = yield* Clock.currentTimeMillis
    return Option.filter(Option.fromUndefinedOr(entries.get(key)), ({ endsAt }) => endsAt > now)
  })

  const sweep = Effect.map(Clock.currentTimeMillis, (now) => {
    for (const [key, { endsAt }] of entries) if (endsAt <= now) entries.delete(key)
  })
  yield* Effect.forkScoped(Effect.repeat(sweep, Schedule.spaced(SWEEP_EVERY)))

  return TokenStorage.of({
    store: Effect.fnUntraced(function* (key, value, ttl) {
      const now = yield* Clock.currentTimeMillis
      entries.set(key, { value, endsAt: now + Math.ceil(Duration.toMillis(ttl)) })
    }),
    get: (key) =>
      Effect.map(
        live(key),
        Option.map(({ value }) => value)
      ),
    delete: Effect.fnUntraced(function* (key) {
      const found = yield* live(key)
      entries.delete(key)
      return Option.isSome(found)
    })
  })
})

/** Entries in this process alone: gone when it ends, unknown to others. */
export const memory = Layer.effect(TokenStorage, make)
