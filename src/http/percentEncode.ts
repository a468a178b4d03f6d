import { rawBytes } from "../domain/image/name.ts"

const UNRESERVED = /[A-Za-z0-9._~-]/u

const encodeByte = (byte: number): string => {
  const character = String.fromCharCode(byte)
  return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
}

/** Percent-encodes a name's bytes, all but the unreserved ones (RFC 3986 §2.3); what is no UTF-8 is kept as well. */
export const percentEncode = (name: string): string => Array.from(rawBytes(name), encodeByte).join("")
