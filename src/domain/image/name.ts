import { byteAt } from "./byteAt.ts"

/**
 * File names in an archive are bytes, of no promised encoding. A name is held as a string in which each byte that is
 * not part of valid UTF-8 stands as a lone surrogate U+DC80..U+DCFF (PEP 383), so that it is one hashable value and
 * loses nothing: `rawBytes(decodeName(bytes))` is `bytes`.
 */

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
const encoder = new TextEncoder()

const REPLACEMENT = 0xfffd
const ESCAPE = 0xdc00

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80

/** How many bytes the character at `at` takes (RFC 3629, section 4), or 0 when it is not UTF-8. */
const sequenceLength = (bytes: Uint8Array, at: number): number => {
  const first = byteAt(bytes, at)
  const second = byteAt(bytes, at + 1)
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4 || !isContinuation(second)) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) {
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0
    return isContinuation(byteAt(bytes, at + 2)) ? 3 : 0
  }
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0
  return isContinuation(byteAt(bytes, at + 2)) && isContinuation(byteAt(bytes, at + 3)) ? 4 : 0
}

const decodeEscaping = (bytes: Uint8Array): string => {
  let name = ""
  let valid = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      if (at > valid) name += utf8.decode(bytes.subarray(valid, at))
      name += String.fromCharCode(ESCAPE + byteAt(bytes, at))
      valid = at + 1
    }
    at += Math.max(length, 1)
  }
  return name + utf8.decode(bytes.subarray(valid))
}

export const decodeName = (bytes: Uint8Array): string => {
  const name = utf8.decode(bytes)
  return name.includes(String.fromCharCode(REPLACEMENT)) ? decodeEscaping(bytes) : name
}

/** The bytes a name stands for. */
export const rawBytes = (name: string): Uint8Array => {
  if (name.isWellFormed()) return encoder.encode(name)
  const parts: Array<number> = []
  for (const character of name) {
    const code = character.charCodeAt(0)
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) parts.push(code - ESCAPE)
    else parts.push(...encoder.encode(character))
  }
  return Uint8Array.from(parts)
}

/** Whether a name is UTF-8, and so can be shown and sent as it is. */
export const isUtf8 = (name: string): boolean => name.isWellFormed()

/** A name for people: what is not UTF-8 becomes U+FFFD. */
export const display = (name: string): string => name.toWellFormed()
