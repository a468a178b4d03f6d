import { LayerCorrupt, LayerLimitExceeded } from "../LayerError.ts"
import type { Bounds } from "../Limits.ts"
import type { Extension } from "./extended.ts"
import { BLOCK, type Header } from "./Header.ts"
import type { Input } from "./Input.ts"
import { parseDecimal } from "./number.ts"
import { checkSegments, type OldGnuSparse, oldGnuSegments, paxSparse, type Segment, segments } from "./sparse.ts"
import { fail, orFail, type Reading } from "./TarStep.ts"

/** How a file's content lies in the archive. */
export interface Layout {
  readonly name: string
  /** With its holes. */
  readonly size: number
  readonly segments: ReadonlyArray<Segment>
  /** Bytes in the archive, from here on. */
  readonly stored: number
}

function* tooLong(limits: Bounds): Reading<never> {
  return yield* fail(new LayerLimitExceeded({ limit: "names", value: limits.maxHeaderBytes }))
}

function* broken(): Reading<never> {
  return yield* fail(new LayerCorrupt({ reason: "a sparse file's map is broken" }))
}

/** Four segments stand in the header, the rest in blocks of 21 after it (GNU tar manual, "Old GNU Format"). */
function* oldGnuMap(input: Input, limits: Bounds, sparse: OldGnuSparse): Reading<ReadonlyArray<Segment>> {
  const map = [...sparse.segments]
  let continues = sparse.continues
  for (let bytes = BLOCK; continues; bytes += BLOCK) {
    if (bytes > limits.maxHeaderBytes) return yield* tooLong(limits)
    const block = yield* input.exactly(BLOCK)
    map.push(...(yield* orFail(oldGnuSegments(block, 0, 21))))
    continues = block[504] !== 0
  }
  return map
}

/** How many segments, then each one's offset and size, a number a line, padded to a block (GNU tar, "PAX Format 1.0"). */
function* mapInContent(input: Input, limits: Bounds, stored: number): Reading<[ReadonlyArray<Segment>, number]> {
  const lines: Array<string> = []
  let wanted = 1
  let begun = ""
  let bytes = 0
  while (lines.length < wanted) {
    bytes += BLOCK
    if (bytes > limits.maxHeaderBytes) return yield* tooLong(limits)
    if (bytes > stored || begun.length > 20) return yield* broken()
    const parts = (begun + String.fromCharCode(...(yield* input.exactly(BLOCK)))).split("\n")
    begun = parts.pop() ?? ""
    lines.push(...parts)
    const count = parseDecimal(lines[0] ?? "0")
    if (count === undefined || count < 0) return yield* broken()
    wanted = 1 + 2 * count
  }
  return [yield* orFail(segments(lines.slice(1, wanted).map(parseDecimal))), bytes]
}

/** Finds out whether a file is sparse, in any of the four ways there are, and where its content is. */
export function* sparseLayout(
  input: Input,
  limits: Bounds,
  header: Header,
  extension: Extension,
  stored: number
): Reading<Layout> {
  const pax = yield* orFail(paxSparse(extension.pax))
  const { name } = header
  if (pax === undefined && header.sparse === undefined) {
    return { name, size: stored, segments: [{ offset: 0, size: stored }], stored }
  }
  if (stored !== header.size) {
    return yield* fail(new LayerCorrupt({ reason: "something other than a regular file is sparse" }))
  }
  if (header.sparse !== undefined) {
    const { size } = header.sparse
    const map = yield* oldGnuMap(input, limits, header.sparse)
    return { name, size, segments: yield* orFail(checkSegments(map, size, stored)), stored }
  }
  if (pax === undefined) return yield* broken()
  const { size } = pax
  const [map, mapBytes] = pax.map === "in content" ? yield* mapInContent(input, limits, stored) : [pax.map, 0]
  const left = stored - mapBytes
  return {
    name: pax.name ?? name,
    size,
    segments: yield* orFail(checkSegments(map, size, left)),
    stored: left
  }
}
