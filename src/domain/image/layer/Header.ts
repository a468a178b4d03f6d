import { Result } from "effect"
import { byteAt } from "../byteAt.ts"
import { LayerCorrupt } from "../LayerError.ts"
import { decodeName } from "../name.ts"
import { parseNumber, parseOctal } from "./number.ts"
import { type OldGnuSparse, oldGnuSparse } from "./sparse.ts"

export const BLOCK = 512

/** One header block, as it stands; extended headers before it may still replace what it says. */
export interface Header {
  readonly name: string
  readonly link: string
  readonly type: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly uname: string
  readonly gname: string
  readonly size: number
  readonly mtime: number
  readonly major: number
  readonly minor: number
  readonly sparse?: OldGnuSparse
}

const cString = (block: Uint8Array, offset: number, length: number): string => {
  let end = offset
  while (end < offset + length && block[end] !== 0) end++
  return end === offset ? "" : decodeName(block.subarray(offset, end))
}

const matches = (block: Uint8Array, offset: number, text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (block[offset + at] !== text.charCodeAt(at)) return false
  return true
}

/** Runs over every header there is, so four bytes at a time: two in either half of a word, where 128 of them find room. */
const sum = (block: Uint8Array): number => {
  const words = new DataView(block.buffer, block.byteOffset, BLOCK)
  let even = 0
  let odd = 0
  for (let at = 0; at < BLOCK; at += 4) {
    const word = words.getUint32(at)
    even += word & 0xff00ff
    odd += (word >>> 8) & 0xff00ff
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16)
}

const highBytes = (bytes: Uint8Array): number => {
  let count = 0
  for (const byte of bytes) if (byte >= 0x80) count++
  return count
}

/** POSIX sums unsigned bytes; some old writers summed signed ones. The sum's own field counts as blanks. */
const checksumHolds = (block: Uint8Array): boolean => {
  let unsigned = sum(block) + 8 * 0x20
  for (let at = 148; at < 156; at++) unsigned -= byteAt(block, at)
  const stored = parseOctal(block, 148, 156)
  if (stored === unsigned) return true
  return stored === unsigned - 256 * (highBytes(block) - highBytes(block.subarray(148, 156)))
}

export const isZero = (block: Uint8Array): boolean => {
  for (let at = 0; at < block.length; at++) if (block[at] !== 0) return false
  return true
}

const isAscii = (text: string): boolean => Array.from(text).every((character) => character < "\x80")

/**
 * GNU keeps two times where POSIX has the prefix. Go before 1.8 wrote a prefix there all the same, and a layer may be that
 * old: what can be no time and is ASCII is one (Go issues 12594 and 21005).
 */
const misplacedPrefix = (block: Uint8Array): string => {
  const isTime = (at: number) => block[at] === 0 || parseNumber(block, at, at + 12) !== undefined
  if (isTime(345) && isTime(357)) return ""
  const prefix = cString(block, 345, 155)
  return isAscii(prefix) ? prefix : ""
}

/**
 * Reads a header block: v7, ustar (POSIX.1-1988), star, or GNU. Only a POSIX magic gives the prefix field its meaning,
 * and where star put its own trailer the prefix is shorter; in v7 nothing after the link's name counts.
 */
export const parseHeader = (block: Uint8Array): Result.Result<Header, LayerCorrupt> => {
  if (!checksumHolds(block)) return Result.fail(new LayerCorrupt({ reason: "a header's checksum is wrong" }))
  const posix = matches(block, 257, "ustar\0")
  const gnu = matches(block, 257, "ustar  \0")
  const mode = parseNumber(block, 100, 108)
  const uid = parseNumber(block, 108, 116)
  const gid = parseNumber(block, 116, 124)
  const size = parseNumber(block, 124, 136)
  const mtime = parseNumber(block, 136, 148)
  const major = posix || gnu ? parseNumber(block, 329, 337) : 0
  const minor = posix || gnu ? parseNumber(block, 337, 345) : 0
  if (
    mode === undefined ||
    uid === undefined ||
    gid === undefined ||
    size === undefined ||
    mtime === undefined ||
    major === undefined ||
    minor === undefined
  ) {
    return Result.fail(new LayerCorrupt({ reason: "a number in a header is not one" }))
  }
  const star = posix && matches(block, 508, "tar\0")
  // Between its prefix and its trailer star has two times. Where none are, where the prefix ends is anybody's guess.
  if (star && (parseNumber(block, 476, 488) === undefined || parseNumber(block, 488, 500) === undefined)) {
    return Result.fail(new LayerCorrupt({ reason: "a number in a header is not one" }))
  }
  const prefix = posix ? cString(block, 345, star ? 131 : 155) : gnu ? misplacedPrefix(block) : ""
  const name = cString(block, 0, 100)
  const header = {
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: cString(block, 157, 100),
    type: String.fromCharCode(byteAt(block, 156)),
    mode,
    uid,
    gid,
    uname: posix || gnu ? cString(block, 265, 32) : "",
    gname: posix || gnu ? cString(block, 297, 32) : "",
    size,
    mtime,
    major,
    minor
  }
  if (header.type !== "S") return Result.succeed(header)
  if (!gnu) return Result.fail(new LayerCorrupt({ reason: "a sparse file's header is not GNU's" }))
  return Result.map(oldGnuSparse(block), (sparse) => ({ ...header, sparse }))
}
