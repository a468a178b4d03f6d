import { Result } from "effect"
import { LayerCorrupt, type LayerError, LayerLimitExceeded } from "../LayerError.ts"
import { decodeName } from "../name.ts"
import { parseDecimal, parseSeconds } from "./number.ts"
import type { Header } from "./Header.ts"
import type { PaxRecords } from "./PaxRecords.ts"

const NAMES = new Set(["path", "linkpath", "uname", "gname", "GNU.sparse.name"])
const NUMBERS = new Set(["size", "uid", "gid", "mtime"])
const SPARSE = new Set(["map", "size", "realsize", "numblocks", "major", "minor"].map((key) => `GNU.sparse.${key}`))
const SPARSE_PAIRS = new Set(["GNU.sparse.offset", "GNU.sparse.numbytes"])
const LONGEST_KEY = 32

const SPACE = 0x20
const NEWLINE = 0x0a
const EQUALS = 0x3d

const corrupt = (reason: string) => Result.fail(new LayerCorrupt({ reason }))

/** The decimal number from `start` up to `end`; NaN when there is none, or it is longer than any header. */
const lengthAt = (bytes: Uint8Array, start: number, end: number): number => {
  let value = end > start && end - start <= 10 ? 0 : Number.NaN
  for (let at = start; at < end && !Number.isNaN(value); at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN
  }
  return value
}

/** Reads records of the form `length key=value\n` (POSIX pax, "pax Extended Header"); the last of a key counts. */
export const parsePax = (bytes: Uint8Array, maxNameBytes: number): Result.Result<PaxRecords, LayerError> => {
  const values = new Map<string, string>()
  const sparse: Array<string> = []
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(SPACE, start)
    const end = start + lengthAt(bytes, start, space)
    if (Number.isNaN(end)) return corrupt("an extended header's record has no length")
    if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== NEWLINE) {
      return corrupt("an extended header's record is not as long as it says")
    }
    const equals = bytes.indexOf(EQUALS, space)
    if (equals <= space + 1 || equals >= end) return corrupt("an extended header's record has no key")
    const key = equals - space - 1 > LONGEST_KEY ? "" : decodeName(bytes.subarray(space + 1, equals))
    const value = bytes.subarray(equals + 1, end - 1)
    if (NAMES.has(key)) {
      if (value.length > maxNameBytes) {
        return Result.fail(new LayerLimitExceeded({ limit: "names", value: maxNameBytes }))
      }
      if (value.includes(0)) return corrupt("a name in an extended header has a NUL in it")
      values.set(key, decodeName(value))
    } else if (NUMBERS.has(key) || SPARSE.has(key)) {
      values.set(key, decodeName(value))
    } else if (SPARSE_PAIRS.has(key)) {
      sparse.push(decodeName(value))
    }
    start = end
  }
  return Result.succeed({ values, sparse })
}

/** A header with the records applied. An empty value leaves the header's own, as in Go and GNU tar. */
export const applyPax = (header: Header, values: ReadonlyMap<string, string>): Result.Result<Header, LayerCorrupt> => {
  const text = (key: string, own: string) => values.get(key) || own
  const number = (key: string, own: number, parse: (text: string) => number | undefined) => {
    const value = values.get(key)
    return value === undefined || value === "" ? own : parse(value)
  }
  const size = number("size", header.size, parseDecimal)
  const uid = number("uid", header.uid, parseDecimal)
  const gid = number("gid", header.gid, parseDecimal)
  const mtime = number("mtime", header.mtime, parseSeconds)
  if (size === undefined || uid === undefined || gid === undefined || mtime === undefined) {
    return corrupt("a number in an extended header is not one")
  }
  return Result.succeed({
    ...header,
    name: text("path", header.name),
    link: text("linkpath", header.link),
    uname: text("uname", header.uname),
    gname: text("gname", header.gname),
    size,
    uid,
    gid,
    mtime
  })
}
