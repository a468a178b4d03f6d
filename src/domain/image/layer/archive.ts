import type { ArchiveEntry, EntryType } from "../Entry.ts"
import { LayerCorrupt, LayerLimitExceeded, LayerUnsupported } from "../LayerError.ts"
import type { Bounds } from "../Limits.ts"
import { normalise } from "../path.ts"
import { content } from "./content.ts"
import { type Extension, extended, noExtension } from "./extended.ts"
import { BLOCK, type Header, isZero, parseHeader } from "./Header.ts"
import { cutShort, type Input } from "./Input.ts"
import { applyPax } from "./pax.ts"
import { type Layout, sparseLayout } from "./sparseLayout.ts"
import { End, fail, orFail, type Reading, type TarStep } from "./TarStep.ts"

/** Types that have no content, whatever size their header claims: Go's reader, which every engine uses, skips none. */
const types: Readonly<Record<string, EntryType>> = {
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "dir",
  "6": "fifo"
}

/** The next header, or undefined at the archive's end: two zero blocks, or no byte more. */
function* nextHeader(input: Input): Reading<Header | undefined> {
  const block = yield* input.take(BLOCK)
  // Go, Python and GNU tar all take an archive without its end marker. That nothing was cut off is for the digest of
  // the layer to say.
  if (block.length === 0) return undefined
  if (block.length < BLOCK) return yield* cutShort()
  if (!isZero(block)) return yield* orFail(parseHeader(block))
  const second = yield* input.take(BLOCK)
  // GNU tar and Python end a listing at a lone zero block, Go refuses it. A listing is whole or it is an error.
  return isZero(second)
    ? undefined
    : yield* fail(new LayerCorrupt({ reason: "a lone block of zeros stands between two files" }))
}

/** A type nobody knows is a regular file (POSIX ustar, "typeflag"); so is the oldest, unless its name is a directory's. */
const entryType = (header: Header): EntryType =>
  types[header.type] ?? (header.type === "D" || (header.type === "\0" && header.name.endsWith("/")) ? "dir" : "file")

const toEntry = (header: Header, type: EntryType, { name, size }: Layout): ArchiveEntry => ({
  path: normalise(name),
  type,
  mode: header.mode & 0o7777,
  uid: header.uid,
  gid: header.gid,
  ...(header.uname !== "" && { uname: header.uname }),
  ...(header.gname !== "" && { gname: header.gname }),
  size: type === "file" ? size : 0,
  mtime: header.mtime,
  ...(type === "symlink" && { link: header.link }),
  ...(type === "hardlink" && { link: normalise(header.link) }),
  ...((type === "char" || type === "block") && { device: { major: header.major, minor: header.minor } })
})

const withLongNames = (header: Header, { name, link }: Extension): Header => ({
  ...header,
  name: name || header.name,
  link: link || header.link
})

/** The whole archive, file by file. Where readers disagree it sides with Go's, because that is what runs images. */
export function* archive(input: Input, limits: Bounds, isWanted: () => boolean): Reading<TarStep> {
  let extension = noExtension
  for (let headers = 1; ; headers++) {
    const raw = yield* nextHeader(input)
    if (raw === undefined) {
      if (extension.bytes > 0) return yield* fail(new LayerCorrupt({ reason: "the file after a header is missing" }))
      for (;;) yield End
    }
    if (headers > limits.maxEntries) {
      return yield* fail(new LayerLimitExceeded({ limit: "entries", of: "layer", value: limits.maxEntries }))
    }
    if (raw.size < 0 && !(raw.type in types))
      return yield* fail(new LayerCorrupt({ reason: "a file's size is negative" }))
    const more = yield* extended(input, limits, raw, extension)
    if (more !== undefined) {
      extension = more
      continue
    }

    const merged = yield* orFail(applyPax(raw, extension.records))
    const header = extension.bytes === 0 ? merged : withLongNames(merged, extension)
    if (header.type === "M") {
      return yield* fail(new LayerUnsupported({ reason: "the archive is a further volume of several" }))
    }
    const type = entryType(header)
    // The oldest writers gave directories a size too. What GNU writes of a directory ("D") does have content: its names.
    const stored = header.type in types || (type === "dir" && header.type !== "D") ? 0 : header.size
    if (stored < 0) return yield* fail(new LayerCorrupt({ reason: "a file's size is negative" }))
    const layout = yield* sparseLayout(input, limits, header, extension, stored)
    const entry = toEntry(header, type, layout)
    if (extension.bytes > 0) extension = { ...noExtension, globals: extension.globals, records: extension.globals }

    // A volume label is no file, and the root is never listed.
    if (entry.path !== "/" && header.type !== "V") yield { _tag: "Entry", entry }
    yield* content(input, limits, layout, isWanted())
    // Padding may be missing after the last file, as Go allows: nothing of it is lost.
    yield* input.skip((BLOCK - (stored % BLOCK)) % BLOCK)
  }
}
