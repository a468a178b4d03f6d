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
/** Bytes that are nearly UTF-8. */
const mixed = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
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

  test.prop([mixed])("can always be shown", (bytes) => {
    expect(display(decodeName(bytes)).isWellFormed()).toBe(true)
  })

  it("escape each bad byte as PEP 383 does", () => {
    expect(decodeName(Uint8Array.of(0x61, 0xff, 0xe9, 0x62))).toBe("a\udcff\udce9b")
    expect(decodeName(Uint8Array.of(0xed, 0xb2, 0x80))).toBe("\udced\udcb2\udc80")
    expect(display("a\udcffb")).toBe("a\ufffdb")
  })
})
