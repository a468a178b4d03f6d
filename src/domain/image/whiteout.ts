import { Result } from "effect"
import type { ArchiveEntry, Entry } from "./Entry.ts"
import { LayerCorrupt } from "./LayerError.ts"
import { basename, join, parent } from "./path.ts"

const PREFIX = ".wh."
const OPAQUE = ".wh..wh..opq"
/** What AUFS kept for itself and layers made on it still carry: `.wh..wh.aufs`, `.wh..wh.orph`, `.wh..wh.plnk`. */
const AUFS = /^\/\.wh\.\.wh\.(?!\.opq$)/u

/**
 * What an archive's entry means as part of a layer (OCI Image Specification, "Whiteouts"): a file; a whiteout, whose
 * path then is what it hides; an opaque whiteout, whose path then is the directory; or nothing at all.
 */
export const asEntry = (entry: ArchiveEntry, layer: number): Result.Result<Entry | undefined, LayerCorrupt> => {
  if (AUFS.test(entry.path)) return Result.succeed(undefined)
  const name = basename(entry.path)
  if (!name.startsWith(PREFIX)) return Result.succeed({ ...entry, layer })
  const directory = parent(entry.path)
  if (name === OPAQUE) return Result.succeed({ ...entry, path: directory, layer, whiteout: "opaque" })
  const hidden = name.slice(PREFIX.length)
  return hidden === "" || hidden === "." || hidden === ".."
    ? Result.fail(new LayerCorrupt({ reason: `a whiteout hides nothing: ${JSON.stringify(name)}` }))
    : Result.succeed({ ...entry, path: join(directory, hidden), layer, whiteout: "file" })
}
