import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { decodeName, display, isUtf8, rawBytes } from "../../../src/domain/image/name.ts"

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const isValid = (bytes: Uint8Array) => {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}
/** Where the ranges of RFC 3629 §4 begin and end. */
const EDGES = "41 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff".split(" ")
const edge = fc.constantFrom(...EDGES).map((digits) => Number.parseInt(digits, 16))
/** Bytes that are nearly UTF-8. */
const mixed = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.array(edge, { maxLength: 4 }).map((bytes) => Uint8Array.from(bytes)),
      fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text))
    )
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))

describe("names", () => {
  test.prop([mixed], { numRuns: 1000 })("lose no byte", (bytes) => {
    expect(rawBytes(decodeName(bytes))).toEqual(bytes)
  })

  test.prop([mixed], { numRuns: 1000 })("are UTF-8 exactly when their bytes are", (bytes) => {
    expect(isUtf8(decodeName(bytes))).toBe(isValid(bytes))
  })

  test.prop([fc.string({ unit: "binary" })])("that are UTF-8 are what they say", (text) => {
    expect(decodeName(new TextEncoder().encode(text))).toBe(text)
    expect(display(text)).toBe(text)
  })

  test.prop([fc.string({ unit: "binary" }), fc.integer({ min: 0x80, max: 0xff }), fc.string({ unit: "binary" })])(
    "that are UTF-8 but for a byte are what the rest says",
    (before, byte, after) => {
      const [start, end] = [before, after].map((text) => new TextEncoder().encode(text))
      const bytes = Uint8Array.of(...(start ?? []), 0xff, byte, ...(end ?? []))
      expect(decodeName(bytes)).toBe(`${before}\udcff${String.fromCharCode(0xdc00 + byte)}${after}`)
    }
  )

  it.each([
    0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xffff, 0x1_0000, 0x3_ffff, 0x4_0000, 0x10_ffff
  ])("keep the first and the last character of every kind, beside what is none: U+%x", (point) => {
    const character = String.fromCodePoint(point)
    const bytes = new TextEncoder().encode(character)
    const escaped = (some: Uint8Array) => Array.from(some, (byte) => String.fromCharCode(0xdc00 + byte)).join("")
    expect(decodeName(Uint8Array.of(0xff, ...bytes, 0xff))).toBe(`\udcff${character}\udcff`)
    for (let length = 1; length < bytes.length; length++) {
      expect(decodeName(bytes.subarray(0, length))).toBe(escaped(bytes.subarray(0, length)))
      const cut = Uint8Array.of(...bytes.subarray(0, length), 0x61)
      expect(decodeName(cut)).toBe(`${escaped(bytes.subarray(0, length))}a`)
    }
  })

  // Overlong forms, surrogates, and what lies beyond U+10FFFF (RFC 3629 §3, §10).
  it.each([
    "c0 80",
    "c1 bf",
    "e0 80 80",
    "e0 9f bf",
    "ed a0 80",
    "ed bf bf",
    "f0 80 80 80",
    "f0 8f bf bf",
    "f4 90 80 80",
    "f5 80 80 80"
  ])("take nothing for a character that is none: %s", (digits) => {
    const bytes = digits.split(" ").map((each) => Number.parseInt(each, 16))
    expect(decodeName(Uint8Array.from(bytes))).toBe(bytes.map((byte) => String.fromCharCode(0xdc00 + byte)).join(""))
  })

  it("may begin with a byte order mark, which is one of their characters", () => {
    expect(decodeName(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa")
    expect(decodeName(Uint8Array.of(0xff, 0xef, 0xbb, 0xbf, 0x61))).toBe("\udcff\ufeffa")
  })

  it("that no bytes can have come from have a replacement", () => {
    const replaced = new TextEncoder().encode("\ufffd")
    for (const odd of ["\ud800", "\udbff", "\udc7f", "\udd00", "\udfff"]) expect(rawBytes(odd)).toEqual(replaced)
    expect(rawBytes("\udc80a\udcff😀")).toEqual(Uint8Array.of(0x80, 0x61, 0xff, ...new TextEncoder().encode("😀")))
  })

  test.prop([mixed])("can always be shown", (bytes) => {
    expect(display(decodeName(bytes)).isWellFormed()).toBe(true)
  })

  it("escape each bad byte as PEP 383 does", () => {
    expect(decodeName(Uint8Array.of(0x61, 0xff, 0xe9, 0x62))).toBe("a\udcff\udce9b")
    expect(decodeName(Uint8Array.of(0xed, 0xb2, 0x80))).toBe("\udced\udcb2\udc80")
    expect(display("a\udcffb")).toBe("a\ufffdb")
  })
})
