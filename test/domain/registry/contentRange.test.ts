import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { contentRange } from "../../../src/domain/registry/contentRange.ts"

describe("Content-Range", () => {
  const part = fc
    .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000))
    .map(([start, length, rest]) => ({ start, end: start + length + 1, size: start + length + 1 + rest }))

  test.prop([part, fc.boolean()])(
    "is accepted when it begins where it should and stays inside",
    ({ start, end, size }, known) => {
      const field = `bytes ${start}-${end - 1}/${known ? size : "*"}`
      assert.deepStrictEqual(contentRange(field, { start, end: size }, size), { start, end })
    }
  )

  test.prop([part, fc.integer({ min: 1, max: 50 })])(
    "is refused when it is off by anything",
    ({ start, end, size }, off) => {
      const read = (field: string, from = start, to = size + off) =>
        contentRange(field, { start: from, end: to }, size + off)
      assert.isUndefined(read(`bytes ${start + off}-${end - 1 + off}/*`))
      assert.isUndefined(read(`bytes ${start}-${end - 1}/${size}`))
      assert.isUndefined(read(`bytes ${start}-${size - 1 + 2 * off}/*`))
      assert.isUndefined(read(`bytes ${start + off}-${start + off - 1}/*`, start + off))
      assert.isUndefined(read(`bytes ${start}-${end - 1 + off}/*`, start, end))
    }
  )

  test.each([
    undefined,
    "",
    "bytes",
    "bytes 0-9",
    "items 0-9/10",
    "bytes 0-9/10 ",
    "bytes -1-9/10",
    "bytes 0-9/10, bytes 0-9/10"
  ])("%j is none", (field) => assert.isUndefined(contentRange(field, { start: 0, end: 10 }, 10)))
})
