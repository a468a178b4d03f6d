import type { Entry, EntryType } from "./Entry.ts"
import { components, parent } from "./path.ts"

/** What a layer has at a path. */
export interface Sighting {
  readonly layer: number
  readonly type: EntryType
  readonly size: number
  readonly link?: string
}

/** What hides a path, in whatever layers are below this one. */
interface Hidden {
  readonly layer: number
  /** By a whiteout of it or above it, or an opaque directory above it; else because a file stands above it. */
  readonly deleted: boolean
}

/** What is seen at a path; or that it is a directory no layer lists; or what hides it; or nothing so far. */
export type Known =
  | { readonly _tag: "Seen"; readonly sighting: Sighting }
  | { readonly _tag: "Directory" }
  | ({ readonly _tag: "Hidden" } & Hidden)
  | { readonly _tag: "Unknown" }

/** As many links as Linux follows on one way (path_resolution(7)). */
export const MAX_HOPS = 40

/** No layer; below every index. */
const NONE = -1

/** What layers say of one path. Each number is the topmost layer that says so: layers come from the top down. */
class Node {
  children: Map<string, Node> | undefined
  /** Has something here. */
  present = NONE
  /** Has something below, or empties what is below: here is a directory. */
  directory = NONE
  /** Has something here that is no directory, so that nothing is below. */
  leaf = NONE
  /** Deletes this with all that is below. */
  deleted = NONE
  /** Deletes all that is below. */
  emptied = NONE
  /** In the merged view. */
  seen: Sighting | undefined
  /** In the lowest layer that has it, hidden or not. */
  lowest: Sighting | undefined
}

const sighting = ({ layer, type, size, link }: Entry): Sighting =>
  link === undefined ? { layer, type, size } : { layer, type, size, link }

/** A path that is there, and the topmost layers that delete or cover what is on the way to it. */
interface Reached {
  readonly path: string
  readonly node: Node
  readonly deleted: number
  readonly covered: number
}

/**
 * An image's files as its layers, one on the other, show them. Layers are entered from the top: whether an entry is
 * shown is decided by what layers *above* its own said, whatever the order within a layer. A name below a path makes
 * that path a directory in its layer, listed or not. The same path twice in one layer: the last wins. (What was shown
 * cannot be taken back: of a layer that has a path first as a directory and then as a file, where a layer above has a
 * directory there, the first stays shown.)
 */
export class MergedTree {
  readonly #root = new Node()
  readonly #top: Reached = { path: "/", node: this.#root, deleted: NONE, covered: NONE }
  /** The last path that was looked up: who follows a path, a component at a time, need not begin anew each time. */
  #reached = this.#top
  #size = 0

  /** How many paths it remembers. */
  get size(): number {
    return this.#size
  }

  /** Enters an entry of the lowest layer so far, and says whether the merged view shows it. No whiteout is shown. */
  enter(entry: Entry): boolean {
    const { layer } = entry
    this.#reached = this.#top
    let node = this.#root
    let hidden = false
    for (const name of components(entry.path)) {
      node.directory = Math.max(node.directory, layer)
      hidden ||= node.emptied > layer || node.leaf > layer
      node = this.#child(node, name)
      hidden ||= node.deleted > layer
    }
    if (entry.whiteout === "file") {
      node.deleted = Math.max(node.deleted, layer)
      return false
    }
    if (entry.whiteout === "opaque") {
      node.emptied = Math.max(node.emptied, layer)
      node.directory = Math.max(node.directory, layer)
      return false
    }
    const shown = !hidden && node.present <= layer && (entry.type === "dir" || node.directory <= layer)
    node.present = Math.max(node.present, layer)
    if (entry.type !== "dir") node.leaf = Math.max(node.leaf, layer)
    node.lowest = sighting(entry)
    if (shown) node.seen = node.lowest
    else if (node.seen?.layer === layer) node.seen = undefined
    return shown
  }

  /** What the layers so far say of a path. No link is followed. */
  lookup(path: string): Known {
    const start = this.#reached.path === parent(path) ? this.#reached : this.#top
    let { node, deleted, covered } = start
    for (const name of components(start.path === "/" ? path : path.slice(start.path.length))) {
      deleted = Math.max(deleted, node.emptied)
      covered = Math.max(covered, node.leaf)
      const child = node.children?.get(name)
      deleted = Math.max(deleted, child?.deleted ?? NONE)
      const hiding = Math.max(deleted, covered)
      if (child === undefined || Math.max(child.present, child.directory) < Math.max(hiding, 0)) {
        return hiding === NONE ? { _tag: "Unknown" } : { _tag: "Hidden", layer: hiding, deleted: deleted === hiding }
      }
      node = child
    }
    this.#reached = { path, node, deleted, covered }
    return node.seen === undefined ? { _tag: "Directory" } : { _tag: "Seen", sighting: node.seen }
  }

  /**
   * The file a hard link of `layer`, the lowest so far, stands for, as far as that layer knows: what is at the path
   * there, or else the path to look for in the layers below. Links to links are followed; a circle of them is no file.
   */
  linked(path: string, layer: number): Sighting | string | undefined {
    let target = path
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const found = this.#find(target)?.lowest
      if (found?.layer !== layer) return target
      if (found.type !== "hardlink" || found.link === undefined) return found
      target = found.link
    }
    return undefined
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const name of components(path)) node = node?.children?.get(name)
    return node
  }

  #child(node: Node, name: string): Node {
    node.children ??= new Map()
    const known = node.children.get(name)
    if (known !== undefined) return known
    const child = new Node()
    node.children.set(name, child)
    this.#size++
    return child
  }
}
