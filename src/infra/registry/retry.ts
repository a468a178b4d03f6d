import { Clock, Duration, Effect, Schedule, Schema } from "effect"
import { RegistryRateLimited, RegistryTimeout, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import { retryAfterSeconds } from "../../domain/registry/retryAfter.ts"
import { discard } from "./body.ts"
import { type Answer, ConnectionLost } from "./Exchange.ts"
import type { Settings } from "./RegistrySettings.ts"

/** An answer that says: not now. */
export class NotNow extends Schema.TaggedError<NotNow>()("NotNow", {
  host: Schema.String,
  status: Schema.Number,
  retryAfter: Schema.UndefinedOr(Schema.Number)
}) {}

type Again = NotNow | ConnectionLost
type LastWord = RegistryRateLimited | RegistryTimeout | RegistryUnreachable

const TIMES = 3

const isNotNow = (status: number): boolean => status === 408 || status === 429 || status >= 500

const isAgain = (error: unknown): error is Again => error instanceof NotNow || error instanceof ConnectionLost

const atLeast = (error: unknown): Duration.Duration =>
  error instanceof NotNow && error.retryAfter !== undefined ? Duration.seconds(error.retryAfter) : Duration.zero

/**
 * Growing delays with jitter, never shorter than what the server asked for; three of them at most, and none that would end
 * after `deadline`, in milliseconds since the epoch.
 */
const schedule = (deadline: number) =>
  Schedule.exponential("200 millis", 3).pipe(
    Schedule.setInputType<unknown>(),
    Schedule.jittered,
    Schedule.modifyDelay(({ input, duration }) => Effect.succeed(Duration.max(duration, atLeast(input)))),
    Schedule.upTo({ times: TIMES }),
    Schedule.while(({ input, now, duration }) => isAgain(input) && now + Duration.toMillis(duration) <= deadline)
  )

/** What an attempt that is not made again came to, in the words that people are answered with. */
const lastWord = (error: Again): LastWord => {
  if (error._tag === "ConnectionLost") return new RegistryUnreachable({ host: error.host, reason: error.reason })
  if (error.status === 408 || error.status === 504) return new RegistryTimeout({ host: error.host })
  if (error.status !== 429) {
    return new RegistryUnreachable({ host: error.host, reason: `it answered with status ${error.status}` })
  }
  return new RegistryRateLimited({
    host: error.host,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter })
  })
}

/** Fails with what an answer of 408, 429 or 5xx means; any other answer passes. */
export const refuseNotNow = Effect.fnUntraced(function* (answer: Answer) {
  if (!isNotNow(answer.status)) return answer
  const now = yield* Clock.currentTimeMillis
  yield* discard(answer)
  return yield* new NotNow({
    host: answer.url.host,
    status: answer.status,
    retryAfter: retryAfterSeconds(answer.header("retry-after"), now)
  })
})

/**
 * Does again what may go better the next time: connections lost, and answers that say so themselves. The time that the
 * attempts take counts like the time between them.
 */
export const retrying = <A, E, R>(
  work: Effect.Effect<A, E | Again, R>,
  settings: Settings
): Effect.Effect<A, E | LastWord, R> =>
  Clock.currentTimeMillis.pipe(
    Effect.flatMap((start) => Effect.retry(work, schedule(start + Duration.toMillis(settings.retryFor)))),
    Effect.mapError((error) => (isAgain(error) ? lastWord(error) : error))
  )
