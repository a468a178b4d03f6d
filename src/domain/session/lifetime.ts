import { DateTime, Duration } from "effect"
import type { Session } from "./Session.ts"

/** Whether the session still counts: not closed, and before its end. */
export const isLive = (session: Session, now: DateTime.Utc): boolean =>
  session.closed === null && DateTime.isLessThan(now, session.expiresAt)

export interface Lifetime {
  readonly ttl: Duration.Duration
  readonly max: Duration.Duration
  readonly idle: Duration.Duration | null
}

const unused = ({ ttl, idle }: Lifetime): Duration.Duration => (idle === null ? ttl : Duration.min(ttl, idle))

/**
 * When a cookie session that is used now ends, if nobody uses it again: it slides with use, and never past its absolute end
 * (OWASP ASVS 5.0 §7.3.1, §7.3.2).
 */
export const endAfterUse = (createdAt: DateTime.Utc, now: DateTime.Utc, lifetime: Lifetime): DateTime.Utc =>
  DateTime.min(DateTime.addDuration(now, unused(lifetime)), DateTime.addDuration(createdAt, lifetime.max))

const LONGEST_SILENCE = Duration.minutes(1)
const PARTS = 60

/**
 * Whether a use of a cookie session is worth writing down. Not each one is: a page asks many times a second. What is not
 * written shortens the session by at most a sixtieth of what it may be left unused, and by no more than a minute.
 */
export const isWorthNoting = (session: Session, now: DateTime.Utc, lifetime: Lifetime): boolean => {
  const silence = Duration.min(LONGEST_SILENCE, Duration.divideUnsafe(unused(lifetime), PARTS))
  return DateTime.isGreaterThanOrEqualTo(now, DateTime.addDuration(session.lastSeenAt, silence))
}
