import { fc, it } from "@fast-check/vitest"
import { DateTime, Duration } from "effect"
import { describe, expect } from "vitest"
import { Client } from "../../../src/domain/Client.ts"
import { UserId } from "../../../src/domain/identity/User.ts"
import { endAfterUse, isLive, isWorthNoting, type Lifetime } from "../../../src/domain/session/lifetime.ts"
import { Session, SessionId } from "../../../src/domain/session/Session.ts"

const start = Date.parse("2026-11-21T10:00:00Z")
const at = (millis: number) => DateTime.makeUnsafe(start + millis)
const moment = fc.integer({ min: 0, max: 60 * 86_400_000 })
const span = fc.integer({ min: 1000, max: 40 * 86_400_000 }).map((millis) => Duration.millis(millis))
const lifetime: fc.Arbitrary<Lifetime> = fc.record({ ttl: span, max: span, idle: fc.option(span) })

const session = (fields: { readonly lastSeenAt?: number; readonly expiresAt: number; readonly closedAt?: number }) =>
  new Session({
    id: SessionId.make("sess_0123456789abcdef"),
    kind: "cookie",
    userId: UserId.make("ada"),
    client: new Client({ ipAddress: null, userAgent: null }),
    createdAt: at(0),
    lastSeenAt: at(fields.lastSeenAt ?? 0),
    expiresAt: at(fields.expiresAt),
    closed: fields.closedAt === undefined ? null : { at: at(fields.closedAt), reason: "signed-out" }
  })

describe("a session", () => {
  it.prop([moment, moment])("lives until its end, and not a millisecond longer", (expiresAt, now) => {
    expect(isLive(session({ expiresAt }), at(now))).toBe(now < expiresAt)
  })

  it.prop([moment, moment, moment])("that was closed never lives", (expiresAt, now, closedAt) => {
    expect(isLive(session({ expiresAt, closedAt }), at(now))).toBe(false)
  })
})

describe("a cookie session", () => {
  it.prop([fc.array(moment, { minLength: 1 }), lifetime])(
    "never lives past its absolute end, however it is used",
    (uses, rule) => {
      const last = Math.max(...uses)
      const end = endAfterUse(at(0), at(last), rule)
      expect(DateTime.toEpochMillis(end)).toBeLessThanOrEqual(start + Duration.toMillis(rule.max))
    }
  )

  it.prop([moment, lifetime])(
    "that is left alone ends after its time to live, or its idle time where that is less",
    (now, rule) => {
      const end = DateTime.toEpochMillis(endAfterUse(at(0), at(now), rule)) - start
      expect(end).toBeLessThanOrEqual(now + Duration.toMillis(rule.ttl))
      if (rule.idle !== null) expect(end).toBeLessThanOrEqual(now + Duration.toMillis(rule.idle))
    }
  )

  it.prop([moment, moment, lifetime])("that is used later does not end sooner", (one, other, rule) => {
    const [early, late] = [Math.min(one, other), Math.max(one, other)]
    const ends = [early, late].map((use) => DateTime.toEpochMillis(endAfterUse(at(0), at(use), rule)))
    expect(ends[1]).toBeGreaterThanOrEqual(ends[0] ?? 0)
  })

  it.prop([moment, moment, lifetime])(
    "loses at most a sixtieth of its time by uses that are not noted, and a minute",
    (lastSeenAt, silence, rule) => {
      const unused = Math.min(Duration.toMillis(rule.ttl), rule.idle === null ? Infinity : Duration.toMillis(rule.idle))
      const noted = isWorthNoting(session({ lastSeenAt, expiresAt: lastSeenAt }), at(lastSeenAt + silence), rule)
      expect(noted).toBe(silence >= Math.min(60_000, unused / 60))
    }
  )
})
