import { Context, type Duration } from "effect"

export class SessionSettings extends Context.Service<
  SessionSettings,
  {
    /** Live sessions a user may have; one more closes the oldest. */
    readonly atMost: number
    /** How long a cookie session lives after it was used. */
    readonly ttl: Duration.Duration
    /** How long a cookie session lives in all, however much it is used. */
    readonly max: Duration.Duration
    /** How long a cookie session may be left unused; null leaves it to `ttl`. */
    readonly idle: Duration.Duration | null
  }
>()("keyhole/domain/session/SessionSettings") {}
