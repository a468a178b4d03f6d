import type { Entry } from "../../../../src/client/client.ts"
import { Tree } from "../../../../src/console/images/Tree.ts"
import { entry as domainEntry } from "../../../domain/image/support/entry.ts"

const TIME = "2026-11-21T10:00:00.000Z"

/** An entry as it comes over the wire. */
export const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  ...domainEntry(path),
  mtime: TIME,
  ...more
})
export const directory = (path: string) => entry(path, { type: "dir" })

export const treeOf = (...entries: ReadonlyArray<Entry>): Tree => {
  const tree = new Tree()
  for (const each of entries) tree.insert(each)
  return tree
}
