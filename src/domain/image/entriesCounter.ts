import { Result } from "effect"
import type { ArchiveEntry } from "./Entry.ts"
import { LayerLimitExceeded } from "./LayerError.ts"
import type { Bounds } from "./Limits.ts"

const lengthOf = ({ path, link, uname, gname }: ArchiveEntry): number =>
  path.length + (link?.length ?? 0) + (uname?.length ?? 0) + (gname?.length ?? 0)

/**
 * Counts one operation's entries, and adds up their names. Two megabytes of archive can hold two gigabytes of names, each within
 * its own limit; shown or hidden, they stay in memory to the operation's end.
 */
export const entriesCounter = ({ maxNames, maxImageEntries }: Bounds) => {
  let total = 0
  let entries = 0
  return (entry: ArchiveEntry): Result.Result<ArchiveEntry, LayerLimitExceeded> => {
    total += lengthOf(entry)
    if (++entries > maxImageEntries) {
      return Result.fail(new LayerLimitExceeded({ limit: "entries", of: "image", value: maxImageEntries }))
    }
    return total > maxNames
      ? Result.fail(new LayerLimitExceeded({ limit: "names", of: "image", value: maxNames }))
      : Result.succeed(entry)
  }
}

export type EntriesCounter = ReturnType<typeof entriesCounter>
