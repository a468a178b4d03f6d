import { Result } from "effect"
import type { ArchiveEntry } from "./Entry.ts"
import { LayerLimitExceeded } from "./LayerError.ts"
import type { Bounds } from "./Limits.ts"

const lengthOf = ({ path, link, uname, gname }: ArchiveEntry): number =>
  path.length + (link?.length ?? 0) + (uname?.length ?? 0) + (gname?.length ?? 0)

/**
 * Adds up the names of one operation's entries. Two megabytes of archive can hold two gigabytes of names, each within its
 * own limit; shown or hidden, they stay in memory to the operation's end.
 */
export const namesCounter = ({ maxNames }: Bounds) => {
  let total = 0
  return (entry: ArchiveEntry): Result.Result<ArchiveEntry, LayerLimitExceeded> => {
    total += lengthOf(entry)
    return total > maxNames
      ? Result.fail(new LayerLimitExceeded({ limit: "names", value: maxNames }))
      : Result.succeed(entry)
  }
}

export type NamesCounter = ReturnType<typeof namesCounter>
