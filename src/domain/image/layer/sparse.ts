import { Result } from "effect"
import { LayerCorrupt } from "../LayerError.ts"
import { decimalsOf, parseDecimal, parseNumber } from "./number.ts"
import type { PaxRecords } from "./PaxRecords.ts"

/**
 * The stretches of a sparse file that are in the archive: offset and size of each, which alternate. A map may have a
 * quarter of a million of them, so they are no objects.
 */
export type SparseMap = ReadonlyArray<number>

/** What PAX says of a sparse file; version 1.0 keeps its map before the content. */
export interface PaxSparse {
  readonly size: number
  readonly name: string | undefined
  readonly map: ReadonlyArray<number | undefined> | "in content"
}

const corrupt = (reason: string) => Result.fail(new LayerCorrupt({ reason }))

/** What an old GNU header says of a sparse file; blocks with more of its map follow where it `continues`. */
export interface OldGnuSparse {
  readonly size: number
  readonly map: ReadonlyArray<number | undefined>
  readonly continues: boolean
}

/** The GNU.sparse.* records, versions 0.0, 0.1 and 1.0; undefined when the file is not sparse. */
export const paxSparse = (records: PaxRecords): Result.Result<PaxSparse | undefined, LayerCorrupt> => {
  // Most files are neither sparse nor have a header of PAX's.
  if (records.values.size === 0 && records.sparse.length === 0) return Result.succeed(undefined)
  const value = (key: string) => records.values.get(`GNU.sparse.${key}`)
  const inContent = value("major") === "1" && value("minor") === "0"
  const list = value("map")
  const mapped = list !== undefined || records.sparse.length > 0 || value("numblocks") !== undefined
  if (!inContent && !mapped) return Result.succeed(undefined)
  const size = parseDecimal(value("size") ?? value("realsize") ?? "")
  if (size === undefined) return corrupt("a sparse file's size is not given")
  const name = value("name") || undefined
  if (inContent) return Result.succeed({ size, name, map: "in content" })
  const map = list === undefined ? records.sparse : decimalsOf(list)
  const count = value("numblocks")
  if (count !== undefined && parseDecimal(count) !== map.length / 2) {
    return corrupt("a sparse file's map is not as long as it says")
  }
  return Result.succeed({ size, name, map })
}

/** The `count` places for stretches in an old GNU header or its extension, from `at`; an empty place ends them. */
export const oldGnuMap = (block: Uint8Array, at: number, count: number): ReadonlyArray<number | undefined> => {
  const numbers: Array<number | undefined> = []
  for (let start = at; start < at + count * 24 && block[start] !== 0; start += 24) {
    numbers.push(parseNumber(block, start, start + 12), parseNumber(block, start + 12, start + 24))
  }
  return numbers
}

/** The sparse part of an old GNU header (type `S`). */
export const oldGnuSparse = (header: Uint8Array): Result.Result<OldGnuSparse, LayerCorrupt> => {
  const size = parseNumber(header, 483, 495)
  if (size === undefined) return corrupt("a sparse file's size is not a number")
  return Result.succeed({ size, map: oldGnuMap(header, 386, 4), continues: header[482] !== 0 })
}

/** The map, if its numbers are numbers, in order, and within the file. */
export const checkedMap = (
  numbers: ReadonlyArray<number | undefined>,
  size: number
): Result.Result<SparseMap, LayerCorrupt> => {
  const map: Array<number> = []
  let end = 0
  for (let at = 0; at < numbers.length; at += 2) {
    const offset = numbers[at]
    const length = numbers[at + 1]
    if (offset === undefined || length === undefined) return corrupt("a sparse file's map is broken")
    if (offset < end || length < 0) return corrupt("a sparse file's map is out of order")
    end = offset + length
    if (length > 0) map.push(offset, length)
  }
  return end <= size ? Result.succeed(map) : corrupt("a sparse file's map does not fit its size")
}

/** How much of a file its map says is in the archive. */
export const mapped = (map: SparseMap): number => {
  let total = 0
  for (const [at, number] of map.entries()) if (at % 2 === 1) total += number
  return total
}
