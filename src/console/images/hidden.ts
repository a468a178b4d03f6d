import type { Entry } from "../../client/client.ts"
import { isFolder, type Node } from "./Node.ts"
import { Tree } from "./Tree.ts"

/** What became of a file in the layers above its own. */
interface Fate {
  /** The layer that has the file. */
  readonly layer: number
  /** The layer that deletes or hides it. */
  readonly by: number
}

/** An image with all that its layers have. */
export interface Hidden {
  readonly tree: Tree
  /** What became of the deleted ones. */
  readonly fates: ReadonlyMap<string, Fate>
  /** The uppermost layer below, for the files that are in the place of others. */
  readonly overridden: ReadonlyMap<string, number>
}

/** Whether a layer leaves nothing of what layers below it have at a path. */
const hides = (layer: Tree, path: string): boolean => {
  for (let node: Node | undefined = reached(layer, path); node !== undefined; node = node.parent) {
    const isItself = node.path === path
    if (node.deleted || (node.opaque && !isItself)) return true
    // A file in the place of a directory leaves nothing below it.
    if (!isItself && node.entry !== undefined && !isFolder(node)) return true
  }
  return false
}

/** The node of a path, or the nearest above it that a layer has. */
const reached = (layer: Tree, path: string): Node => {
  let node = layer.root
  for (const name of path.split("/")) {
    if (name === "") continue
    const next = node.children?.get(name)
    if (next === undefined) return node
    node = next
  }
  return node
}

/**
 * The whole image with what is hidden in it: files that a layer has and a later one deletes, as deleted names beside the
 * others; and of the others, which layer's they override. `layers` are the listings of all layers, from the bottom up.
 */
export const withHidden = (merged: Tree, layers: ReadonlyArray<Tree>): Hidden => {
  const tree = new Tree()
  const fates = new Map<string, Fate>()
  const overridden = new Map<string, number>()
  for (const { entry } of merged.all()) if (entry !== undefined) tree.insert(entry)
  const last = new Map<string, readonly [layer: number, entry: Entry]>()
  layers.forEach((each, layer) => {
    for (const { path, entry, deleted } of each.all()) {
      if (entry === undefined || deleted || entry.type === "dir") continue
      const now = merged.find(path)
      if (now === undefined) last.set(path, [layer, entry])
      else if (now.entry !== undefined && layer < now.entry.layer) overridden.set(path, layer)
    }
  })
  for (const [path, [layer, entry]] of last) {
    const by = layers.findIndex((above, index) => index > layer && hides(above, path))
    if (by === -1) continue
    tree.insert({ ...entry, whiteout: "file" })
    fates.set(path, { layer, by })
  }
  return { tree, fates, overridden }
}
