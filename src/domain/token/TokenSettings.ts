import { Context, Duration } from "effect"

/** What no configuration goes beyond. */
export const LONGEST_LEEWAY = Duration.minutes(5)

export class TokenSettings extends Context.Service<
  TokenSettings,
  {
    /** `iss` (RFC 7519 §4.1.1). */
    readonly issuer: string
    /** `aud` (RFC 7519 §4.1.3). */
    readonly audience: string
    /** At most `LONGEST_ACCESS_TTL`. */
    readonly accessTtl: Duration.Duration
    readonly refreshTtl: Duration.Duration
    /** How long after its first use a refresh token still gets the session's live one. */
    readonly refreshGrace: Duration.Duration
    /** How far clocks may differ (RFC 7519 §4.1.4); at most `LONGEST_LEEWAY`. */
    readonly leeway: Duration.Duration
  }
>()("keyhole/domain/token/TokenSettings") {}
