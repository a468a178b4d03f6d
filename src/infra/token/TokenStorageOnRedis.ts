import { Clock, Duration, Effect, Layer, Option } from "effect"
import { TokenStorage } from "../../domain/token/TokenStorage.ts"
import { Redis } from "../redis/Redis.ts"

/** Redis clears entries away this long after their end, which is the service's to judge. */
const CLEARED_AFTER = Duration.toMillis(Duration.minutes(1))

const SEPARATOR = ":"

/** What is kept under a key: when it ends, and the value. */
const written = (value: string, endsAt: number): string => `${endsAt}${SEPARATOR}${value}`

const live = (kept: string | null, now: number): Option.Option<string> => {
  if (kept === null) return Option.none()
  const at = kept.indexOf(SEPARATOR)
  return Number(kept.slice(0, at)) > now ? Option.some(kept.slice(at + 1)) : Option.none()
}

/**
 * Entries in Redis: seen by every process on it, and gone when it is flushed or dies. Nothing that has to stay true may be
 * kept here: see the ADR on what Redis is for.
 */
export const redis = Layer.effect(
  TokenStorage,
  Effect.gen(function* () {
    const { keyOf, send } = yield* Redis
    const keyOfToken = (key: string) => keyOf(`token:${key}`)
    return TokenStorage.of({
      store: Effect.fnUntraced(function* (key, value, ttl) {
        const lifetime = Math.ceil(Duration.toMillis(ttl))
        const endsAt = (yield* Clock.currentTimeMillis) + lifetime
        const expiration = { type: "PX" as const, value: lifetime + CLEARED_AFTER }
        yield* send((client) => client.set(keyOfToken(key), written(value, endsAt), { expiration }))
      }),
      get: Effect.fnUntraced(function* (key) {
        const kept = yield* send((client) => client.get(keyOfToken(key)))
        return live(kept, yield* Clock.currentTimeMillis)
      }),
      delete: Effect.fnUntraced(function* (key) {
        const kept = yield* send((client) => client.getDel(keyOfToken(key)))
        return Option.isSome(live(kept, yield* Clock.currentTimeMillis))
      })
    })
  })
)
