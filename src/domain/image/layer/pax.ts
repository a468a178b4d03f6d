import { Result } from "effect"
import { byteAt } from "../byteAt.ts"
import { LayerCorrupt, type LayerError, LayerLimitExceeded } from "../LayerError.ts"
import { decodeName } from "../name.ts"
import { decimalOf, parseDecimal, parseSeconds } from "./number.ts"
import type { Header } from "./Header.ts"
import type { PaxRecords } from "./PaxRecords.ts"

type Kind = "name" | "value" | "pair"

interface Key {
  readonly text: string
  readonly bytes: Uint8Array
  readonly kind: Kind
}

const encoder = new TextEncoder()
const keysOf = (kind: Kind, ...texts: ReadonlyArray<string>): ReadonlyArray<Key> =>
  texts.map((text) => ({ text, bytes: encoder.encode(text), kind }))
const gnuSparse = (...texts: ReadonlyArray<string>) => texts.map((text) => `GNU.sparse.${text}`)

/** Offset and size of a stretch that a sparse file has in the archive (GNU tar, "PAX Format 0.0"). */
const PAIR = gnuSparse("offset", "numbytes")

/** The keys that bear on what is listed or carved, by how many bytes they have. */
const KEYS = Map.groupBy(
  [
    ...keysOf("name", "path", "linkpath", "uname", "gname", ...gnuSparse("name")),
    ...keysOf("value", "size", "uid", "gid", "mtime"),
    ...keysOf("value", ...gnuSparse("map", "size", "realsize", "numblocks", "major", "minor")),
    ...keysOf("pair", ...PAIR)
  ],
  ({ bytes }) => bytes.length
)

const SPACE = 0x20
const NEWLINE = 0x0a
const EQUALS = 0x3d

const corrupt = (reason: string) => Result.fail(new LayerCorrupt({ reason }))

const standsAt = (key: Uint8Array, bytes: Uint8Array, start: number): boolean => {
  for (let at = 0; at < key.length; at++) if (bytes[start + at] !== key[at]) return false
  return true
}

const keyAt = (bytes: Uint8Array, start: number, end: number): Key | undefined => {
  for (const key of KEYS.get(end - start) ?? []) if (standsAt(key.bytes, bytes, start)) return key
  return undefined
}

/**
 * Reads records of the form `length key=value\n` (POSIX pax, "pax Extended Header"); the last of a key counts. A header may
 * hold hundreds of thousands of them, so only what counts is decoded.
 */
export const parsePax = (bytes: Uint8Array, maxNameBytes: number): Result.Result<PaxRecords, LayerError> => {
  const found = new Map<string, Uint8Array>()
  const sparse: Array<number | undefined> = []
  for (let start = 0; start < bytes.length; ) {
    let at = start
    let length = 0
    for (let digit = byteAt(bytes, at) - 0x30; digit >= 0 && digit <= 9; digit = byteAt(bytes, ++at) - 0x30) {
      length = length * 10 + digit
    }
    if (at === start || bytes[at] !== SPACE) return corrupt("an extended header's record has no length")
    const end = start + length
    if (end > bytes.length || end <= at + 1 || bytes[end - 1] !== NEWLINE) {
      return corrupt("an extended header's record is not as long as it says")
    }
    let equals = at + 1
    while (equals < end && bytes[equals] !== EQUALS) equals++
    if (equals === at + 1 || equals === end) return corrupt("an extended header's record has no key")
    const key = keyAt(bytes, at + 1, equals)
    const value = bytes.subarray(equals + 1, end - 1)
    if (key?.kind === "name") {
      if (value.length > maxNameBytes) {
        return Result.fail(new LayerLimitExceeded({ limit: "names", of: "layer", value: maxNameBytes }))
      }
      if (value.includes(0)) return corrupt("a name in an extended header has a NUL in it")
    }
    // The keys of a stretch take turns: where one stands in the other's place the map is broken.
    if (key?.kind === "pair") sparse.push(key.text === PAIR[sparse.length % 2] ? decimalOf(value) : undefined)
    else if (key !== undefined) found.set(key.text, value)
    start = end
  }
  const values = new Map<string, string>()
  for (const [key, value] of found) values.set(key, decodeName(value))
  return Result.succeed({ values, sparse })
}

/** A header with the records applied. An empty value leaves the header's own, as in Go and GNU tar. */
export const applyPax = (header: Header, values: ReadonlyMap<string, string>): Result.Result<Header, LayerCorrupt> => {
  if (values.size === 0) return Result.succeed(header)
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
