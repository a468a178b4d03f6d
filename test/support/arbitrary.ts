import { fc } from "@fast-check/vitest"
import { DateTime } from "effect"
import { Client } from "../../src/domain/Client.ts"
import { UserId } from "../../src/domain/identity/User.ts"
import { Session, SessionId } from "../../src/domain/session/Session.ts"

const YEAR = 365 * 24 * 3600 * 1000
const EPOCH = Date.UTC(2026, 0, 1)

/** An instant of a few years, to the millisecond. */
export const instant = fc.integer({ min: EPOCH, max: EPOCH + 5 * YEAR }).map((millis) => DateTime.makeUnsafe(millis))

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length })

export const sessionId = hex(16).map((digits) => SessionId.make(`sess_${digits}`))

/** A live-looking session of one user, opened and ending at any time. */
export const session = fc
  .record({ id: sessionId, createdAt: instant, expiresAt: instant, kind: fc.constantFrom("token" as const, "cookie") })
  .map(
    (fields) =>
      new Session({
        ...fields,
        userId: UserId.make("ada"),
        client: new Client({ ipAddress: "192.0.2.1", userAgent: null }),
        lastSeenAt: fields.createdAt,
        closed: null
      })
  )
