import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { retryAfterSeconds } from "../../../src/domain/registry/retryAfter.ts"
import { words } from "./arbitrary.ts"

const NOW = Date.parse("2026-11-21T10:00:00Z")

describe("Retry-After", () => {
  test.prop([fc.nat(200)])("means the same in seconds and as a date, and never more than a minute", (seconds) => {
    const date = new Date(NOW + seconds * 1000).toUTCString()
    assert.strictEqual(retryAfterSeconds(`${seconds}`, NOW), Math.min(60, seconds))
    assert.strictEqual(retryAfterSeconds(date, NOW), Math.min(60, seconds))
  })

  test.prop([fc.oneof(fc.string(), words(["-", "1", "e9", "Sat", "9".repeat(20)]))])(
    "of any shape is a wait or none",
    (field) => {
      const seconds = retryAfterSeconds(field, NOW)
      assert.isTrue(seconds === undefined || (seconds >= 0 && seconds <= 60))
    }
  )

  test.each(["Sat, 21 Nov 2026 10:00:30 GMT", "2026-11-21T10:00:30Z", "2026-11-21T10:00:30+00:00", " 30 ", "\t30"])(
    "%j is half a minute",
    (field) => assert.strictEqual(retryAfterSeconds(field, NOW), 30)
  )

  test("that lies in the past is no wait; none is none", () => {
    assert.strictEqual(retryAfterSeconds("Sat, 21 Nov 2026 09:00:00 GMT", NOW), 0)
    assert.isUndefined(retryAfterSeconds(undefined, NOW))
  })
})
