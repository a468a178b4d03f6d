import { byteAt } from "../byteAt.ts"
import { LayerCorrupt, LayerLimitExceeded } from "../LayerError.ts"
import type { Bounds } from "../Limits.ts"
import type { Extension } from "./extended.ts"
import { BLOCK, type Header } from "./Header.ts"
import type { Input } from "./Input.ts"
import { checkedMap, type OldGnuSparse, oldGnuMap, paxSparse, type SparseMap } from "./sparse.ts"
import { fail, orFail, type Reading } from "./TarStep.ts"

/** How a file's content lies in the archive. */
export interface Layout {
  readonly name: string
  /** With its holes. */
  readonly size: number
  readonly map: SparseMap
  /** Bytes in the archive, from here on. */
  readonly stored: number
}

function* tooLong(limits: Bounds): Reading<never> {
  return yield* fail(new LayerLimitExceeded({ limit: "names", of: "layer", value: limits.maxHeaderBytes }))
}

function* broken(): Reading<never> {
  return yield* fail(new LayerCorrupt({ reason: "a sparse file's map is broken" }))
}

/** What has no content of its own has no holes in it either. */
function* regular(header: Header, stored: number): Reading<void> {
  if (stored !== header.size) {
    yield* fail(new LayerCorrupt({ reason: "something other than a regular file is sparse" }))
  }
}

type Numbers = ReadonlyArray<number | undefined>

/** Four stretches stand in the header, the rest in blocks of 21 after it (GNU tar manual, "Old GNU Format"). */
function* wholeOldGnuMap(input: Input, limits: Bounds, sparse: OldGnuSparse): Reading<Numbers> {
  const map = [...sparse.map]
  let continues = sparse.continues
  for (let bytes = BLOCK; continues; bytes += BLOCK) {
    if (bytes > limits.maxHeaderBytes) return yield* tooLong(limits)
    const block = yield* input.exactly(BLOCK)
    map.push(...oldGnuMap(block, 0, 21))
    continues = block[504] !== 0
  }
  return map
}

const NEWLINE = 0x0a
const ZERO = 0x30

/** How many stretches, then each one's offset and size, a number a line, padded to a block (GNU tar, "PAX Format 1.0"). */
function* mapInContent(input: Input, limits: Bounds, stored: number): Reading<[Numbers, number]> {
  const map: Array<number> = []
  let number = -1
  let wanted = -1
  let bytes = 0
  while (map.length !== wanted) {
    bytes += BLOCK
    if (bytes > limits.maxHeaderBytes) return yield* tooLong(limits)
    if (bytes > stored) return yield* broken()
    const block = yield* input.exactly(BLOCK)
    // What follows the last line is padding.
    for (let at = 0; at < BLOCK && map.length !== wanted; at++) {
      const digit = byteAt(block, at) - ZERO
      if (digit >= 0 && digit <= 9) number = Math.max(number, 0) * 10 + digit
      else if (block[at] !== NEWLINE || number < 0 || !Number.isSafeInteger(number)) return yield* broken()
      else {
        if (wanted < 0) wanted = 2 * number
        else map.push(number)
        number = -1
      }
    }
  }
  return [map, bytes]
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
  if (header.sparse !== undefined) {
    yield* regular(header, stored)
    const { size } = header.sparse
    const map = yield* wholeOldGnuMap(input, limits, header.sparse)
    return { name, size, map: yield* orFail(checkedMap(map, size)), stored }
  }
  if (pax === undefined) return { name, size: stored, map: [0, stored], stored }
  yield* regular(header, stored)
  const { size } = pax
  const [map, mapBytes] = pax.map === "in content" ? yield* mapInContent(input, limits, stored) : [pax.map, 0]
  return { name: pax.name ?? name, size, map: yield* orFail(checkedMap(map, size)), stored: stored - mapBytes }
}
