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
  /** Most names are files, and have none. */
  children: Map<string, Node> | undefined
  sorted: ReadonlyArray<Node> | undefined
}

export const nodeOf = (name: string, path: string, parent: Node | undefined): Node => ({
  name,
  path,
  parent,
  entry: undefined,
  deleted: false,
  opaque: false,
  children: undefined,
  sorted: undefined
})

export const isFolder = (node: Node): boolean => node.entry?.type === "dir" || node.children !== undefined
