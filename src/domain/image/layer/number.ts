import { byteAt } from "../byteAt.ts"

/*
 * A header has seven numbers. Each is read where it stands, from `start` up to `end`.
 */

/** The number in a base-256 field (GNU): two's complement, big-endian, the topmost bit being the mark. */
const base256 = (header: Uint8Array, start: number, end: number): number | undefined => {
  const first = byteAt(header, start)
  const inverted = (first & 0x40) === 0 ? 0 : 0xff
  let value = (first ^ inverted) & 0x7f
  for (let at = start + 1; at < end; at++) {
    value = value * 256 + (byteAt(header, at) ^ inverted)
    if (value > Number.MAX_SAFE_INTEGER) return undefined
  }
  return inverted === 0 ? value : -value - 1
}

const SPACE = 0x20
const ZERO = 0x30
const COMMA = 0x2c

const isPadding = (byte: number | undefined): boolean => byte === SPACE || byte === 0

/** The number in an octal field: blanks and NULs around it are padding, and a field of nothing else is 0. */
export const parseOctal = (header: Uint8Array, start: number, end: number): number | undefined => {
  let at = start
  let last = end
  while (at < last && isPadding(header[at])) at++
  while (last > at && isPadding(header[last - 1])) last--
  let value = 0
  for (; at < last && header[at] !== 0; at++) {
    const digit = byteAt(header, at) - ZERO
    if (digit < 0 || digit > 7) return undefined
    value = value * 8 + digit
  }
  return value
}

/** A numeric header field; undefined when it is neither octal nor base-256, or beyond 2^53. */
export const parseNumber = (header: Uint8Array, start: number, end: number): number | undefined =>
  (byteAt(header, start) & 0x80) === 0 ? parseOctal(header, start, end) : base256(header, start, end)

/** A decimal integer as PAX writes it, zeros in front allowed; undefined when it is not one, or beyond 2^53. */
export const parseDecimal = (text: string): number | undefined => {
  if (!/^-?0*\d{1,16}$/u.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** The digits of a count or an offset, as many as there are of them; undefined when they are none, or beyond 2^53. */
export const decimalOf = (digits: Uint8Array): number | undefined => {
  let value = 0
  for (const byte of digits) {
    const digit = byte - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return digits.length > 0 && Number.isSafeInteger(value) ? value : undefined
}

/**
 * The numbers in a list of them with commas in between; one that is none is undefined. A list may have half a million, so
 * no text is made of each.
 */
export const decimalsOf = (list: string): ReadonlyArray<number | undefined> => {
  const numbers: Array<number> = []
  let value = -1
  for (let at = 0; at < list.length; at++) {
    const digit = list.charCodeAt(at) - ZERO
    if (digit >= 0 && digit <= 9) value = Math.max(value, 0) * 10 + digit
    else if (digit !== COMMA - ZERO || value < 0 || !Number.isSafeInteger(value)) return [undefined]
    else {
      numbers.push(value)
      value = -1
    }
  }
  if (list === "") return numbers
  if (value < 0 || !Number.isSafeInteger(value)) return [undefined]
  numbers.push(value)
  return numbers
}

/** Seconds with an optional fraction (POSIX pax, `mtime`). */
export const parseSeconds = (text: string): number | undefined => {
  if (!/^-?\d{1,16}(?:\.\d*)?$/u.test(text)) return undefined
  const value = Number(text)
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined
}
