import { Duration } from "effect"
import type { ArchiveEntry } from "../../../../src/domain/image/Entry.ts"
import type { LayerError } from "../../../../src/domain/image/LayerError.ts"
import { TarReader } from "../../../../src/domain/image/layer/TarReader.ts"
import type { Bounds } from "../../../../src/domain/image/Limits.ts"
import { concat } from "./tarball.ts"

export const limits: Bounds = {
  maxBytes: 2 ** 24,
  maxEntries: 100_000,
  maxImageBytes: 2 ** 26,
  maxImageEntries: 1_000_000,
  maxNameBytes: 2 ** 15,
  maxNames: 2 ** 28,
  maxHeaderBytes: 2 ** 20,
  timeout: Duration.minutes(1)
}

export interface Read {
  readonly entries: ReadonlyArray<ArchiveEntry>
  readonly contents: ReadonlyMap<string, Uint8Array>
  readonly error?: LayerError
}

/** Reads an archive given in chunks, with the content of every file when `wanted`. */
export const readAll = (chunks: Iterable<Uint8Array>, { wanted = false, bounds = limits } = {}): Read => {
  const reader = new TarReader(bounds)
  const entries: Array<ArchiveEntry> = []
  const contents = new Map<string, Uint8Array>()
  let parts: Array<Uint8Array> = []
  const drain = (): LayerError | "more" | "end" => {
    for (;;) {
      const step = reader.next()
      if (step._tag === "Entry") {
        entries.push(step.entry)
        parts = []
        if (wanted) reader.wantContent()
      } else if (step._tag === "Data") parts.push(step.bytes.slice())
      else if (step._tag === "Hole") parts.push(new Uint8Array(step.size))
      else if (step._tag === "ContentEnd") contents.set(entries.at(-1)?.path ?? "", concat(...parts))
      else if (step._tag === "Failed") return step.error
      else return step._tag === "More" ? "more" : "end"
    }
  }
  for (const chunk of chunks) {
    reader.push(chunk)
    const state = drain()
    if (typeof state !== "string") return { entries, contents, error: state }
  }
  reader.end()
  const state = drain()
  return typeof state === "string" ? { entries, contents } : { entries, contents, error: state }
}

/** The same bytes in pieces of these sizes, over and over. */
export function* inPieces(bytes: Uint8Array, sizes: ReadonlyArray<number>): Generator<Uint8Array> {
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = Math.max(sizes[turn % sizes.length] ?? 1, 1)
    yield bytes.slice(at, at + size)
    at += size
  }
}
