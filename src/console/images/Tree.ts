import type { Entry } from "../../client/client.ts"
import { compareNames } from "./compareNames.ts"
import { Names } from "./Names.ts"
import { isFolder, type Node, nodeOf } from "./Node.ts"

/** A line of the tree as it is shown: `position` of `among` many beside each other. */
export interface Row {
  readonly node: Node
  readonly depth: number
  readonly position: number
  readonly among: number
}

/** Lines of which only those that are seen need to be made. */
export interface Rows {
  readonly length: number
  readonly at: (index: number) => Row | undefined
}

const MOST_LINKS = 40

/** What becomes a folder stands elsewhere in its own. */
const moved = ({ parent }: Node): void => {
  if (parent !== undefined) parent.sorted = undefined
}

/** The files of a listing, taken in as they come. Walked in loops: somebody's path may have thousands of levels. */
export class Tree {
  readonly root = nodeOf("", "", undefined)
  count = 0
  private names: Names | undefined
  /** All that something lies in, by their paths: what comes is put there without a walk from the root. */
  private readonly folders = new Map([["", this.root]])

  insert(entry: Entry): void {
    const node = this.reach(entry.path)
    if (entry.whiteout === "opaque") node.opaque = true
    // Of a name that a layer deletes and has, the layer has it anew.
    if (node.entry !== undefined && node.deleted !== (entry.whiteout === "file")) {
      node.deleted = false
      node.opaque = true
    }
    if (entry.whiteout !== undefined && node.entry !== undefined) return
    if (node.entry === undefined) {
      this.count += 1
      node.deleted = entry.whiteout === "file"
    }
    const was = isFolder(node)
    node.entry = entry
    if (was !== isFolder(node)) moved(node)
  }

  find(path: string): Node | undefined {
    let node: Node | undefined = this.root
    for (const name of path.split("/")) if (name !== "") node = node?.children?.get(name)
    return node
  }

  /** Every name, folder by folder. */
  all(): ReadonlyArray<Node> {
    const nodes: Array<Node> = []
    const levels = [this.root.children?.values()]
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const node = level.next().value
      if (node === undefined) {
        levels.pop()
        continue
      }
      nodes.push(node)
      if (node.children !== undefined) levels.push(node.children.values())
    }
    return nodes
  }

  /** Folders first, and then by name; sorted when somebody looks. */
  below(node: Node): ReadonlyArray<Node> {
    node.sorted ??= [...(node.children?.values() ?? [])].toSorted(
      (a, b) => Number(isFolder(b)) - Number(isFolder(a)) || compareNames(a.name, b.name)
    )
    return node.sorted
  }

  /** What is to be seen when these folders are open. */
  rows(open: ReadonlySet<string>): Rows {
    const rows: Array<Row> = []
    const levels = [{ nodes: this.below(this.root), position: 0 }]
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const { nodes } = level
      const node = nodes[level.position]
      if (node === undefined) {
        levels.pop()
        continue
      }
      level.position += 1
      rows.push({ node, depth: levels.length, position: level.position, among: nodes.length })
      if (node.children !== undefined && open.has(node.path)) levels.push({ nodes: this.below(node), position: 0 })
    }
    return rows
  }

  /** Has the names ready for a search before somebody types. */
  prepare(): Names {
    this.names ??= new Names(this.all())
    return this.names
  }

  /** Everything that has this in its path, folder by folder. */
  search(text: string): Rows {
    const names = this.prepare()
    const found = names.search(text.toLowerCase())
    return {
      length: found.length,
      at: (index) => {
        const node = names.nodes[found[index] ?? -1]
        return node && { node, depth: 1, position: index + 1, among: found.length }
      }
    }
  }

  /** Where a path leads when the links on the way are followed; undefined when that is nowhere in here. */
  follow(path: string): Node | undefined {
    const rest = path.split("/").toReversed()
    let node = this.root
    let links = 0
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      if (name === "" || name === ".") continue
      if (name === "..") {
        node = node.parent ?? this.root
        continue
      }
      const next = node.children?.get(name)
      if (next === undefined) return undefined
      const { link, type } = next.entry ?? {}
      if (link === undefined || (type !== "symlink" && type !== "hardlink")) {
        node = next
        continue
      }
      links += 1
      if (links > MOST_LINKS) return undefined
      if (type === "hardlink" || link.startsWith("/")) node = this.root
      rest.push(...link.split("/").toReversed())
    }
    return node
  }

  /** The node of a path, made with all above it where there is none. */
  private reach(path: string): Node {
    const cut = path.lastIndexOf("/")
    const above = path.slice(0, cut)
    return this.childOf(this.folders.get(above) ?? this.folderOf(above), path, cut)
  }

  private folderOf(path: string): Node {
    const missing: Array<string> = []
    let known = path
    let folder = this.folders.get(known)
    while (folder === undefined) {
      missing.push(known)
      known = known.slice(0, known.lastIndexOf("/"))
      folder = this.folders.get(known)
    }
    for (const each of missing.toReversed()) {
      folder = this.childOf(folder, each, each.lastIndexOf("/"))
      this.folders.set(each, folder)
    }
    return folder
  }

  /** What a path names after its last slash, which is at `cut`. */
  private childOf(parent: Node, path: string, cut: number): Node {
    const name = path.slice(cut + 1)
    if (name === "") return parent
    parent.children ??= new Map()
    const known = parent.children.get(name)
    if (known !== undefined) return known
    const child = nodeOf(name, path, parent)
    parent.children.set(name, child)
    parent.sorted = undefined
    if (parent.children.size === 1) moved(parent)
    this.names = undefined
    return child
  }
}
