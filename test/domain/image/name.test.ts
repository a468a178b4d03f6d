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

  test.prop([fc.array(edge, { minLength: 1, maxLength: 4 })], { numRuns: 2000 })(
    "have as many characters as can be read, and each byte beside them by itself",
    (bytes) => {
      const given = Uint8Array.from(bytes)
      const readable = [4, 3, 2, 1].find(
        (length) =>
          length <= given.length &&
          isValid(given.subarray(0, length)) &&
          [...strict.decode(given.subarray(0, length))].length === 1
      )
      const [first] = decodeName(given)
      expect(rawBytes(first ?? "")).toEqual(given.subarray(0, readable ?? 1))
    }
  )

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
