import type { Node } from "./Node.ts"

/** Stands between names, in none of which it can be. */
const BETWEEN = "\0"
/** Of a longer path only its end is searched: else one of 16,000 levels takes 256 MB, and three are more than a string can hold. */
const LONGEST = 1024

/**
 * All paths of a tree as one text in lower case. A search is one pass over it, and makes nothing but a list of numbers:
 * quick enough for every key that is typed.
 */
export class Names {
  readonly nodes: ReadonlyArray<Node>
  private readonly text: string
  private readonly starts: Uint32Array

  constructor(nodes: ReadonlyArray<Node>) {
    this.nodes = nodes
    const paths = nodes.map(({ path }) => path.slice(-LONGEST).toLowerCase())
    this.starts = new Uint32Array(nodes.length)
    let start = 0
    paths.forEach((path, index) => {
      this.starts[index] = start
      start += path.length + 1
    })
    this.text = paths.join(BETWEEN)
  }

  /** Which of the nodes have this in their path. */
  search(wanted: string): ReadonlyArray<number> {
    const found: Array<number> = []
    let index = 0
    let at = this.text.indexOf(wanted)
    while (at !== -1) {
      while (this.startOf(index + 1) <= at) index += 1
      found.push(index)
      // A path is found once, however often it has it.
      index += 1
      at = this.text.indexOf(wanted, this.startOf(index))
      if (index === this.nodes.length) break
    }
    return found
  }

  private startOf(index: number): number {
    return this.starts[index] ?? Number.POSITIVE_INFINITY
  }
}
