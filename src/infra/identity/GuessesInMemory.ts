import { Clock, type DateTime, Duration, Effect, Layer, Schedule } from "effect"
import { emailKey } from "../../domain/identity/Email.ts"
import { type Attempt, Guesses } from "../../domain/identity/Guesses.ts"
import {
  afterFailure,
  afterSuccess,
  endOf,
  rules,
  type Standing,
  unheard,
  verdict
} from "../../domain/identity/guessing.ts"
import { type Entry, entriesOf, type Keys, keysOf, standingOf } from "./guessKeys.ts"

const SWEEP_EVERY = Duration.minutes(1)

const make = Effect.gen(function* () {
  const entries = new Map<string, Entry & { readonly endsAt: number }>()

  const keep = (keys: Keys, standing: Standing): void => {
    for (const { kind, key, entry } of entriesOf(keys, standing)) {
      entries.set(key, { ...entry, endsAt: endOf(kind, entry, entry.signedInAt, rules) })
    }
  }
  /** Judges an attempt as things stand, and keeps how they stand then. */
  const judge = (next: (standing: Standing, now: DateTime.Utc) => Standing) => (attempt: Attempt, now: DateTime.Utc) =>
    Effect.sync(() => {
      const keys = keysOf(attempt, emailKey)
      const standing = standingOf(keys, (key) => entries.get(key))
      keep(keys, next(standing, now))
      return verdict(standing, now, rules)
    })

  const sweep = Effect.map(Clock.currentTimeMillis, (now) => {
    for (const [key, { endsAt }] of entries) if (endsAt <= now) entries.delete(key)
  })
  yield* Effect.forkScoped(Effect.repeat(sweep, Schedule.spaced(SWEEP_EVERY)))

  return Guesses.of({
    admit: (attempt, now) =>
      Effect.sync(() => {
        const keys = keysOf(attempt, emailKey)
        const standing = standingOf(keys, (key) => entries.get(key))
        const news = unheard(standing, now, rules)
        for (const kind of news) {
          const key = keys[kind] ?? ""
          const entry = entries.get(key)
          if (entry !== undefined) entries.set(key, { ...entry, told: true })
        }
        return { ...verdict(standing, now, rules), isNews: news.length > 0 }
      }),
    failed: judge((standing, now) => afterFailure(standing, now, rules)),
    succeeded: judge((standing, now) => afterSuccess(standing, now, rules))
  })
})

/** Counts in this process alone: gone when it ends, unknown to others. */
export const memory = Layer.effect(Guesses, make)
