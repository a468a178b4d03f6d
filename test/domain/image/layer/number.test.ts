import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import {
  decimalOf,
  decimalsOf,
  parseDecimal,
  parseNumber,
  parseSeconds
} from "../../../../src/domain/image/layer/number.ts"
import { bytesOf } from "../support/tarball.ts"

const count = fc.maxSafeNat()
const beyond = fc.bigInt({ min: 2n ** 53n, max: 10n ** 20n }).map(String)
/** Text of digits, signs and what may stand between numbers. */
const nearly = fc.string({ unit: fc.constantFrom(..."0123456789-+., x/:"), maxLength: 18 })

/** A field of a header, with other bytes on both sides of it. */
const field = (bytes: ReadonlyArray<number>) => {
  const header = Uint8Array.from([0x39, 0x39, ...bytes, 0x37, 0x37])
  return parseNumber(header, 2, 2 + bytes.length)
}

const twosComplement = (value: bigint, length: number): ReadonlyArray<number> =>
  Array.from({ length }, (_, at) => Number((value >> BigInt(8 * (length - 1 - at))) & 0xffn))

describe("a header's numbers", () => {
  test.prop([count, fc.nat(3), fc.constantFrom(0, 0x20), fc.constantFrom(0, 0x20)])(
    "in octal are read with padding around them",
    (value, padding, before, after) => {
      const digits = [...bytesOf(value.toString(8))]
      const pad = (byte: number) => Array.from({ length: padding }, () => byte)
      expect(field([...pad(before), ...digits, ...pad(after)])).toBe(value)
    }
  )

  test.prop([fc.string({ unit: fc.constantFrom(..."01234567"), maxLength: 5 }), fc.constantFrom(..."/89:x-")])(
    "in octal have no other characters",
    (digits, other) => {
      expect(field([...bytesOf(digits + other)])).toBeUndefined()
      expect(field([...bytesOf(other + digits)])).toBeUndefined()
    }
  )

  it("end at a NUL between digits, and not at a blank", () => {
    expect(field([...bytesOf("17\x0077")])).toBe(15)
    expect(field([...bytesOf("17 77")])).toBeUndefined()
  })

  test.prop([fc.maxSafeInteger(), fc.integer({ min: 8, max: 12 })])("in base 256 are read", (value, length) => {
    const [first = 0, ...rest] = twosComplement(BigInt(value), length)
    expect(field([first | 0x80, ...rest])).toBe(value)
  })

  test.prop([fc.bigInt({ min: 2n ** 53n, max: 2n ** 86n }), fc.boolean()])(
    "in base 256 are refused beyond 2^53",
    (size, negative) => {
      const [first = 0, ...rest] = twosComplement(negative ? -size - 1n : size, 12)
      expect(field([first | 0x80, ...rest])).toBeUndefined()
    }
  )
})

describe("decimal numbers", () => {
  test.prop([count, fc.nat(40)])("may have zeros before them", (value, zeros) => {
    const text = "0".repeat(zeros) + String(value)
    expect(parseDecimal(text)).toBe(value)
    expect(parseDecimal(`-${text}`)).toBe(value === 0 ? -0 : -value)
    expect(decimalOf(bytesOf(text))).toBe(value)
    expect(decimalsOf(text)).toEqual([value])
  })

  test.prop([beyond])("are refused beyond 2^53", (text) => {
    expect(parseDecimal(text)).toBeUndefined()
    expect(decimalOf(bytesOf(text))).toBeUndefined()
    expect(decimalsOf(text)).toEqual([undefined])
    expect(decimalsOf(`1,${text},1`)).toEqual([undefined])
    expect(parseSeconds(text)).toBeUndefined()
  })

  test.prop([nearly])("are nothing but digits", (text) => {
    if (!/^\d+$/u.test(text)) expect(decimalOf(bytesOf(text))).toBeUndefined()
    if (!/^-?\d+$/u.test(text)) expect(parseDecimal(text)).toBeUndefined()
    if (!/^-?\d+(?:\.\d*)?$/u.test(text)) expect(parseSeconds(text)).toBeUndefined()
    if (!/^(?:\d+(?:,\d+)*)?$/u.test(text)) expect(decimalsOf(text)).toEqual([undefined])
  })

  test.prop([fc.array(count, { maxLength: 20 })])("in a list have commas between them", (values) => {
    expect(decimalsOf(values.join(","))).toEqual(values)
  })

  test.prop([fc.integer(), fc.nat(999_999)])("of seconds may have a fraction", (whole, fraction) => {
    expect(parseSeconds(`${whole}.${fraction}`)).toBe(Number(`${whole}.${fraction}`))
    expect(parseSeconds(`${whole}.`)).toBe(whole)
    expect(parseSeconds(String(whole))).toBe(whole)
  })
})
