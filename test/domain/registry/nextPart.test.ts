import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { nextPart } from "../../../src/domain/registry/nextPart.ts"

const KiB = 1024
const size = fc.oneof(fc.nat(512 * KiB), fc.nat(2 ** 40))

/** Every part that reading a blob to its end takes. */
const parts = (of: number) => {
  const all = []
  for (let start = 0; start < of; start = all.at(-1)?.end ?? of) all.push(nextPart(start, of, "sparing"))
  return all
}

describe("reading a blob sparingly", () => {
  test.prop([size])("asks for every byte once, in few requests", (of) => {
    const asked = parts(of)
    assert.strictEqual(
      asked.reduce((end, part) => (part.start === end && part.end > end ? part.end : Number.NaN), 0),
      of
    )
    assert.isAtMost(asked.length, 4)
  })

  test.prop([size, fc.double({ min: 0, max: 1, noNaN: true })])(
    "asks, until it is about everything, for no more than four times what was read, and a little",
    (of, share) => {
      const start = Math.floor((of - 1) * share)
      const { end } = nextPart(start, of, "sparing")
      assert.isTrue(start >= 1024 * KiB || end - start <= 4 * start + 128 * KiB)
    }
  )

  test.prop([size])("has what lies near the start for less than half a megabyte", (of) => {
    const near = parts(of).filter(({ start }) => start < 320 * KiB)
    assert.isAtMost(near.at(-1)?.end ?? 0, 500_000)
  })

  test("asks for everything once a megabyte was read, and for a rest that is no longer than the first part", () => {
    const large = 2 ** 40
    assert.strictEqual(nextPart(1024 * KiB, large, "sparing").end, large)
    assert.isBelow(nextPart(1024 * KiB - 1, large, "sparing").end, large)
    assert.strictEqual(nextPart(0, 128 * KiB, "sparing").end, 128 * KiB)
    assert.strictEqual(nextPart(0, 128 * KiB + 1, "sparing").end, 64 * KiB)
  })

  test.prop([size])("is not how a whole one is read: that takes one request", (of) => {
    assert.deepStrictEqual(nextPart(0, of, "whole"), { start: 0, end: of })
  })
})
