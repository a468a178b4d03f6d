import { fc, test } from "@fast-check/vitest"
import { DateTime } from "effect"
import { describe, expect } from "vitest"
import { surplus } from "../../../src/domain/session/cap.ts"
import { session } from "../../support/arbitrary.ts"

const live = fc.uniqueArray(session, { maxLength: 30, selector: (each) => each.id })
const atMost = fc.integer({ min: 1, max: 20 })

describe("the cap of live sessions", () => {
  test.prop([live, atMost])("one more session leaves at most as many as allowed", (sessions, most) => {
    expect(sessions.length - surplus(sessions, most).length + 1).toBeLessThanOrEqual(Math.max(most, 1))
  })

  test.prop([live, atMost])("closes none while there is room", (sessions, most) => {
    fc.pre(sessions.length < most)
    expect(surplus(sessions, most)).toEqual([])
  })

  test.prop([live, atMost])("closes no more than it must", (sessions, most) => {
    expect(surplus(sessions, most)).toHaveLength(Math.max(0, sessions.length + 1 - most))
  })

  test.prop([live, atMost])("closes the oldest: none that stays is older than one that goes", (sessions, most) => {
    const going = surplus(sessions, most)
    const staying = sessions.filter((each) => !going.includes(each))
    for (const gone of going) {
      for (const kept of staying) {
        expect(DateTime.isLessThanOrEqualTo(gone.createdAt, kept.createdAt)).toBe(true)
      }
    }
  })
})
