import type { Entry } from "../../client/client.ts"

/** A name in a listing. A directory that the archive does not have is there for what is below it. */
export interface Node {
  readonly name: string
  readonly path: string
  readonly parent: Node | undefined
  entry: Entry | undefined
  /** The layer deletes what was here. */
  deleted: boolean
  /** The layer hides all that was below. */
  opaque: boolean
  readonly children: Map<string, Node>
  sorted: ReadonlyArray<Node> | undefined
}

/** A line of the tree as it is shown: `position` of `among` many beside each other. */
export interface Row {
  readonly node: Node
  readonly depth: number
  readonly position: number
  readonly among: number
}

const MOST_LINKS = 40

const make = (name: string, parent: Node | undefined): Node => ({
  name,
  path: parent === undefined ? "" : `${parent.path}/${name}`,
  parent,
  entry: undefined,
  deleted: false,
  opaque: false,
  children: new Map(),
  sorted: undefined
})

const collator = new Intl.Collator("en", { numeric: true })

export const isFolder = (node: Node): boolean => node.entry?.type === "dir" || node.children.size > 0

/** The files of a listing, taken in as they come. */
export class Tree {
  readonly root = make("", undefined)
  count = 0

  insert(entry: Entry): void {
    let node = this.root
    for (const name of entry.path.split("/")) {
      if (name === "") continue
      let child = node.children.get(name)
      if (child === undefined) {
        child = make(name, node)
        node.children.set(name, child)
        node.sorted = undefined
      }
      node = child
    }
    if (entry.whiteout === "opaque") node.opaque = true
    else if (entry.whiteout === "file") node.deleted = true
    if (entry.whiteout !== undefined && node.entry !== undefined) return
    if (node.entry === undefined) this.count += 1
    node.entry = entry
  }

  find(path: string): Node | undefined {
    let node: Node | undefined = this.root
    for (const name of path.split("/")) if (name !== "") node = node?.children.get(name)
    return node
  }

  /** Folders first, and then by name; sorted when somebody looks. */
  below(node: Node): ReadonlyArray<Node> {
    node.sorted ??= [...node.children.values()].toSorted(
      (a, b) => Number(isFolder(b)) - Number(isFolder(a)) || collator.compare(a.name, b.name)
    )
    return node.sorted
  }

  /** What is to be seen when these folders are open. */
  rows(open: ReadonlySet<string>): ReadonlyArray<Row> {
    const rows: Array<Row> = []
    const show = (parent: Node, depth: number): void => {
      const nodes = this.below(parent)
      nodes.forEach((node, index) => {
        rows.push({ node, depth, position: index + 1, among: nodes.length })
        if (open.has(node.path)) show(node, depth + 1)
      })
    }
    show(this.root, 1)
    return rows
  }

  /** Everything that has this in its path, in the order of the tree. */
  search(text: string): ReadonlyArray<Row> {
    const wanted = text.toLowerCase()
    const found: Array<Node> = []
    const look = (parent: Node): void => {
      for (const node of parent.children.values()) {
        if (node.path.toLowerCase().includes(wanted)) found.push(node)
        look(node)
      }
    }
    look(this.root)
    return found.map((node, index) => ({ node, depth: 1, position: index + 1, among: found.length }))
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
      const next = node.children.get(name)
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
}
