import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { contentRange } from "../../../src/domain/registry/contentRange.ts"
import { nextLink } from "../../../src/domain/registry/link.ts"
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

describe("Link", () => {
  test.each([
    ['</v2/a/tags/list?last=b>; rel="next"', "/v2/a/tags/list?last=b"],
    ['<x,y>; title="a, b>; rel=prev"; rel=next', "x,y"],
    ['<p>; rel="prev", <n>; rel="last next"', "n"],
    ['<p>; rel="prev"', undefined],
    ["<n>", undefined],
    ['<n>; rel="nextish"', undefined],
    ['<n>; rel="prevnext"', undefined],
    ["<n>; rel=nextish", undefined],
    ["<n>; xrel=next", undefined],
    ["<?a;rel=next>", undefined],
    ["<?a;rel=next>; rel=prev", undefined],
    ["<n>;rel=next", "n"],
    ["<n> ; REL = next ; title=x", "n"],
    ['<n>; rel="next last"', "n"],
    ['<n>; rel="first  next  last"', "n"],
    ["", undefined]
  ])("%s leads on to %s", (field, target) => assert.strictEqual(nextLink([field]), target))

  test.prop([words(["<", ">", ";", "rel", "=", "next", '"', ","])])("of any shape is read to an end", (field) => {
    nextLink([field])
  })
})
