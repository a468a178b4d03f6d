import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { timestamp } from "../../../src/domain/image/timestamp.ts"

describe("a time in an archive", () => {
  it("stops at the calendar's edges", () => {
    expect(timestamp(-1e15)).toBe("0000-01-01T00:00:00.000Z")
    expect(timestamp(1e15)).toBe("9999-12-31T23:59:59.999Z")
    expect(timestamp(-0.5)).toBe("1969-12-31T23:59:59.500Z")
  })

  const day = fc.date({ min: new Date(-62_167_219_200_000), max: new Date(253_402_300_799_999), noInvalidDate: true })
  test.prop([fc.array(day, { minLength: 1 })])("prints the times that the language's own dates do", (dates) => {
    for (const seconds of dates.map((date) => date.getTime() / 1000)) {
      expect(timestamp(seconds)).toBe(new Date(Math.floor(seconds * 1000)).toISOString())
    }
  })

  test.prop([fc.double({ noNaN: true })])("has a time to print for any number", (seconds) => {
    expect(timestamp(seconds)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u)
  })
})
