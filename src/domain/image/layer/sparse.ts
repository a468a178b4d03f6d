import { Result } from "effect"
import { LayerCorrupt } from "../LayerError.ts"
import { parseDecimal, parseNumber } from "./number.ts"
import type { PaxRecords } from "./PaxRecords.ts"

/** A stretch of a sparse file that is in the archive; between them are holes. */
export interface Segment {
  readonly offset: number
  readonly size: number
}

/** What PAX says of a sparse file; version 1.0 keeps its map before the content. */
export interface PaxSparse {
  readonly size: number
  readonly name: string | undefined
  readonly map: ReadonlyArray<Segment> | "in content"
}

const corrupt = (reason: string) => Result.fail(new LayerCorrupt({ reason }))

/** What an old GNU header says of a sparse file; blocks with more segments follow where it `continues`. */
export interface OldGnuSparse {
  readonly size: number
  readonly segments: ReadonlyArray<Segment>
  readonly continues: boolean
}

/** Segments from their offsets and sizes, which alternate. */
export const segments = (
  numbers: ReadonlyArray<number | undefined>
): Result.Result<ReadonlyArray<Segment>, LayerCorrupt> => {
  const found: Array<Segment> = []
  for (let at = 0; at < numbers.length; at += 2) {
    const offset = numbers[at]
    const size = numbers[at + 1]
    if (offset === undefined || size === undefined) return corrupt("a sparse file's map is broken")
    found.push({ offset, size })
  }
  return Result.succeed(found)
}

/** The GNU.sparse.* records, versions 0.0, 0.1 and 1.0; undefined when the file is not sparse. */
export const paxSparse = (records: PaxRecords): Result.Result<PaxSparse | undefined, LayerCorrupt> => {
  const value = (key: string) => records.values.get(`GNU.sparse.${key}`)
  const inContent = value("major") === "1" && value("minor") === "0"
  const list = value("map")
  const mapped = list !== undefined || records.sparse.length > 0 || value("numblocks") !== undefined
  if (!inContent && !mapped) return Result.succeed(undefined)
  const size = parseDecimal(value("realsize") ?? value("size") ?? "")
  if (size === undefined) return corrupt("a sparse file's size is not given")
  const name = value("name") || undefined
  if (inContent) return Result.succeed({ size, name, map: "in content" })
  const words = list === undefined ? records.sparse : list === "" ? [] : list.split(",")
  return Result.map(segments(words.map(parseDecimal)), (map) => ({ size, name, map }))
}

/** The `count` places for segments in an old GNU header or its extension, from `at`; an empty place ends them. */
export const oldGnuSegments = (
  block: Uint8Array,
  at: number,
  count: number
): Result.Result<ReadonlyArray<Segment>, LayerCorrupt> => {
  const numbers: Array<number | undefined> = []
  for (let start = at; start < at + count * 24 && block[start] !== 0; start += 24) {
    numbers.push(parseNumber(block.subarray(start, start + 12)), parseNumber(block.subarray(start + 12, start + 24)))
  }
  return segments(numbers)
}

/** The sparse part of an old GNU header (type `S`). */
export const oldGnuSparse = (header: Uint8Array): Result.Result<OldGnuSparse, LayerCorrupt> => {
  const size = parseNumber(header.subarray(483, 495))
  if (size === undefined) return corrupt("a sparse file's size is not a number")
  return Result.map(oldGnuSegments(header, 386, 4), (map) => ({ size, segments: map, continues: header[482] !== 0 }))
}

/** Whether the segments are in order, within the file, and are just what the archive holds of it. */
export const checkSegments = (
  map: ReadonlyArray<Segment>,
  size: number,
  stored: number
): Result.Result<ReadonlyArray<Segment>, LayerCorrupt> => {
  let end = 0
  let total = 0
  for (const segment of map) {
    if (segment.offset < end || segment.size < 0) return corrupt("a sparse file's map is out of order")
    end = segment.offset + segment.size
    total += segment.size
  }
  return end > size || total !== stored ? corrupt("a sparse file's map does not fit its size") : Result.succeed(map)
}
