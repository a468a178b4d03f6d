import { LayerLimitExceeded } from "../LayerError.ts"
import type { Bounds } from "../Limits.ts"
import { decodeName } from "../name.ts"
import { BLOCK, type Header } from "./Header.ts"
import { cutShort, type Input } from "./Input.ts"
import { parsePax } from "./pax.ts"
import type { PaxRecords } from "./PaxRecords.ts"
import { fail, orFail, type Reading } from "./TarStep.ts"

/** What the headers before a file say about it. */
export interface Extension {
  readonly name: string | undefined
  readonly link: string | undefined
  /** The last PAX header, for what only it can say of this file. */
  readonly pax: PaxRecords
  /** Its records over the global ones. */
  readonly records: ReadonlyMap<string, string>
  readonly globals: ReadonlyMap<string, string>
  /** What these headers hold, counted against the limit; 0 when there are none. */
  readonly bytes: number
}

const nothing: PaxRecords = { values: new Map(), sparse: [] }

export const noExtension: Extension = {
  name: undefined,
  link: undefined,
  pax: nothing,
  records: nothing.values,
  globals: nothing.values,
  bytes: 0
}

/** The content of a header that speaks of the next file. Its own size counts: PAX records are the next file's. */
function* body(input: Input, limits: Bounds, header: Header, before: number): Reading<Uint8Array> {
  if (before + header.size > limits.maxHeaderBytes) {
    return yield* fail(new LayerLimitExceeded({ limit: "names", of: "layer", value: limits.maxHeaderBytes }))
  }
  const bytes = yield* input.exactly(header.size)
  const padding = (BLOCK - (header.size % BLOCK)) % BLOCK
  return (yield* input.skip(padding)) === padding ? bytes : yield* cutShort()
}

/** The name in a GNU `L` or `K` header, up to its NUL. */
function* longName(input: Input, limits: Bounds, header: Header, before: number): Reading<string> {
  const bytes = yield* body(input, limits, header, before)
  const end = bytes.indexOf(0)
  const name = end < 0 ? bytes : bytes.subarray(0, end)
  return name.length <= limits.maxNameBytes
    ? decodeName(name)
    : yield* fail(new LayerLimitExceeded({ limit: "names", of: "layer", value: limits.maxNameBytes }))
}

/** What can be meant for many files. A name, a size or holes are one file's own; Go heeds no global record at all. */
const SHARED = new Set(["uid", "gid", "uname", "gname", "mtime"])
/** A longer value, repeated in every entry after it, would make much out of little. */
const MAX_SHARED_LENGTH = 256

const shared = (records: ReadonlyMap<string, string>) =>
  Array.from(records).filter(([key, value]) => SHARED.has(key) && value.length <= MAX_SHARED_LENGTH)

/** Takes in a header that only speaks of files to come; undefined when this one is a file itself. */
export function* extended(
  input: Input,
  limits: Bounds,
  header: Header,
  before: Extension
): Reading<Extension | undefined> {
  const bytes = before.bytes + Math.max(header.size, 1)
  switch (header.type) {
    case "L":
      return { ...before, bytes, name: yield* longName(input, limits, header, before.bytes) }
    case "K":
      return { ...before, bytes, link: yield* longName(input, limits, header, before.bytes) }
    case "x":
    case "X": {
      const pax = yield* orFail(parsePax(yield* body(input, limits, header, before.bytes), limits.maxNameBytes))
      return { ...before, bytes, pax, records: new Map([...before.globals, ...pax.values]) }
    }
    case "g": {
      const pax = yield* orFail(parsePax(yield* body(input, limits, header, before.bytes), limits.maxNameBytes))
      const globals = new Map([...before.globals, ...shared(pax.values)])
      return { ...before, globals, records: new Map([...globals, ...before.pax.values]) }
    }
    default:
      return undefined
  }
}
