import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { Effect, Stream } from "effect"
import type { ArchiveEntry } from "../../../../src/domain/image/Entry.ts"
import { TarReader } from "../../../../src/domain/image/layer/TarReader.ts"
import { LayerDecoder } from "../../../../src/domain/image/LayerDecoder.ts"
import type { LayerError } from "../../../../src/domain/image/LayerError.ts"
import { decodeName } from "../../../../src/domain/image/name.ts"
import { normalise } from "../../../../src/domain/image/path.ts"
import { decoder } from "../../../support/decoder.ts"
import { limits } from "./readAll.ts"
import { concat } from "./tarball.ts"
import { type Line, lineOf, tarListing, Unreadable } from "./tarListing.ts"

/** A file as a reader sees it; the content is its length and hash, of files that are no terabytes of holes. */
interface Seen extends Line {
  readonly uname: string
  readonly gname: string
  readonly content: string
}

/** What a reader makes of an archive: `refused` when it did not come to the end of it. */
export interface Reading {
  readonly files: ReadonlyArray<Partial<Seen>>
  readonly refused: boolean
}

const MOST_CONTENT = 2 ** 26
const zeros = new Uint8Array(64 * 1024)

/** What our reader makes of an archive whose bytes, compressed or not, come in these pieces. */
export const ours = (pieces: Iterable<Uint8Array>): Effect.Effect<Reading & { readonly error?: LayerError }> =>
  Effect.gen(function* () {
    const { decode } = yield* LayerDecoder
    const reader = new TarReader({ ...limits, maxBytes: 2 ** 60 })
    const files: Array<Seen> = []
    let error: LayerError | undefined
    let hash = createHash("sha256")
    let length = 0
    const see = ({ uname = "", gname = "", ...entry }: ArchiveEntry) => {
      files.push({ ...lineOf(entry), uname, gname, content: "" })
      hash = createHash("sha256")
      length = 0
      if (entry.type === "file" && entry.size < MOST_CONTENT) reader.wantContent()
    }
    const drain = () => {
      for (let step = reader.next(); step._tag !== "More" && step._tag !== "End"; step = reader.next()) {
        if (step._tag === "Failed") {
          error ??= step.error
          return
        }
        if (step._tag === "Entry") see(step.entry)
        if (step._tag === "Data") {
          hash.update(step.bytes)
          length += step.bytes.length
        }
        if (step._tag === "Hole") {
          for (let left = step.size; left > 0; left -= zeros.length) hash.update(zeros.subarray(0, left))
          length += step.size
        }
        const last = files.at(-1)
        if (step._tag === "ContentEnd" && last !== undefined) {
          files[files.length - 1] = { ...last, content: `${length}:${hash.digest("hex")}` }
        }
      }
    }
    yield* decode(Stream.rechunk(Stream.fromIterable(pieces), 1), 2 ** 60).pipe(
      Stream.runForEach((chunk) =>
        Effect.sync(() => {
          reader.push(chunk)
          drain()
        })
      ),
      Effect.catch((failure) => Effect.sync(() => void (error ??= failure)))
    )
    if (error === undefined) reader.end()
    drain()
    return { files, refused: error !== undefined, ...(error !== undefined && { error }) }
  }).pipe(Effect.provide(decoder))

/** The bytes without their compression; as they are where it cannot be taken off. */
export const decompressed = (bytes: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.gen(function* () {
    const { decode } = yield* LayerDecoder
    const pieces = Stream.map(decode(Stream.make(bytes), 2 ** 30), (piece) => piece.slice())
    return concat(...(yield* Stream.runCollect(pieces)))
  }).pipe(
    Effect.provide(decoder),
    Effect.catch(() => Effect.succeed(bytes))
  )

const types: Readonly<Record<string, ArchiveEntry["type"]>> = {
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "dir",
  "6": "fifo",
  D: "dir"
}

type Row = [string, string, number, number, number, number, number, string, number, number, string, string, string]

const nameOf = (hex: string) => decodeName(Buffer.from(hex, "hex"))

/** What a reader of another language prints of a file, as we would say it. */
const seen = (row: Row): ReadonlyArray<Seen> => {
  const [name, letter, mode, uid, gid, size, mtime, linkname, major, minor, uname, gname, content] = row
  const type = types[letter] ?? "file"
  const path = normalise(nameOf(name))
  // Go shows global headers as files, and a volume's label is none.
  if (path === "/" || letter === "g" || letter === "V") return []
  const link = nameOf(linkname)
  return [
    {
      path,
      type,
      mode: mode & 0o7777,
      uid,
      gid,
      size: type === "file" ? size : 0,
      mtime,
      link: type === "symlink" ? link : type === "hardlink" ? normalise(link) : undefined,
      device: type === "char" || type === "block" ? { major, minor } : undefined,
      uname: nameOf(uname),
      gname: nameOf(gname),
      content: type === "file" ? content : ""
    }
  ]
}

/** What the reader that this program runs makes of archives. */
export const asRead = (archives: ReadonlyArray<string>, program: string, ...args: ReadonlyArray<string>) =>
  execFileSync(program, [...args, ...archives], { encoding: "utf8", maxBuffer: 2 ** 28 })
    .trimEnd()
    .split("\n")
    .map((line): Reading => {
      const { rows, refused }: { rows: ReadonlyArray<Row>; refused: boolean } = JSON.parse(line)
      return { files: rows.flatMap(seen), refused }
    })

/** What GNU tar makes of an archive: it tells no content, and names or numbers of owners, not both. */
export const asTarReads = (archive: string): Reading => {
  try {
    return { files: tarListing(archive), refused: false }
  } catch (error) {
    if (error instanceof Unreadable) throw error
    return { files: [], refused: true }
  }
}

/** Seconds to a double's and a listing's common precision, and only what the other one tells too. */
const comparable = (files: Reading["files"], like: Reading["files"]) => {
  const told = new Set(Object.keys(like[0] ?? {}))
  return files.map((file) =>
    Object.fromEntries(
      Object.entries({ ...file, mtime: Math.round((file.mtime ?? 0) * 1e6) / 1e6 }).filter(([key]) => told.has(key))
    )
  )
}

const same = (one: Reading, other: Reading): boolean =>
  one.files.length === other.files.length &&
  JSON.stringify(comparable(one.files, other.files)) === JSON.stringify(comparable(other.files, other.files))

/** How our reading of an archive stands to another's; undefined when both read the same, or both refuse. */
export const difference = (own: Reading, other: Reading) => {
  if (own.refused) return other.refused ? undefined : "we refuse"
  if (other.refused) return "they refuse"
  return same(own, other) ? undefined : "we read otherwise"
}
