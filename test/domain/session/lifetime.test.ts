import { test } from "@fast-check/vitest"
import { DateTime } from "effect"
import { describe, expect } from "vitest"
import { isLive } from "../../../src/domain/session/lifetime.ts"
import { CloseReason, Session } from "../../../src/domain/session/Session.ts"
import { instant, session } from "../../support/arbitrary.ts"

describe("a session's life", () => {
  test.prop([session])("lasts until its end and not a millisecond longer", (open) => {
    expect(isLive(open, DateTime.subtract(open.expiresAt, { milliseconds: 1 }))).toBe(true)
    expect(isLive(open, open.expiresAt)).toBe(false)
  })

  test.prop([session, instant, instant])("is over for good once it is closed, for whatever reason", (open, at, now) => {
    for (const reason of CloseReason.literals) {
      expect(isLive(new Session({ ...open, closed: { at, reason } }), now)).toBe(false)
    }
  })
})
