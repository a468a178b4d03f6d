import type { ComponentChildren } from "preact"
import { Icon } from "../parts/Icon.tsx"
import { sayBytes, sayCount } from "../parts/say.ts"
import { isFolder, type Node } from "./Node.ts"
import { TreeLine } from "./TreeLine.tsx"
import type { Peek } from "./usePeek.ts"
import { type TreeUse, useTree } from "./useTree.ts"

const HEIGHT = 30

/** What was listed once is known, and nothing of it is fetched again. */
const fetched = (bytes: number): string => (bytes === 0 ? "known already" : `${sayBytes(bytes)} fetched`)

/** How far it is, for those who see no bar that grows; then what there is, or how much of it has the name that is looked for. */
const news = ({ summary, failed, tree }: Peek, text: string, matches: number): ComponentChildren => {
  if (text !== "") return matches === 0 ? `No name has “${text}” in it` : sayCount(matches, "match", "matches")
  if (summary !== undefined) return `${sayCount(tree.count, "entry", "entries")}, ${fetched(summary.bytes_fetched)}`
  return failed === undefined && <span class="unseen">Reading the files …</span>
}

/** The tree of a listing, as one control: arrows move and open, Enter picks. */
export const TreeView = ({
  peek,
  mark,
  ...use
}: TreeUse & { readonly peek: Peek; readonly mark: (node: Node) => string | undefined }) => {
  const { rows, current, isOpen, press, click, box, onScroll, from, until } = useTree(peek, HEIGHT, use)
  const { text, chosen } = use
  const seen = Array.from({ length: Math.max(0, until - from) }, (_, index) => rows.at(from + index)).filter(
    (row) => row !== undefined
  )
  return (
    <>
      <p class="small" role="status">
        {news(peek, text, rows.length)}
      </p>
      <div
        ref={box}
        class="tree"
        role="tree"
        aria-label="Files"
        tabIndex={0}
        aria-activedescendant={current >= from && current < until ? `row-${current}` : undefined}
        onScroll={onScroll}
        onKeyDown={press}
      >
        <div class="tall" role="none" style={{ height: `${rows.length * HEIGHT}px` }}>
          {seen.map((row, index) => (
            <div
              key={row.node.path}
              id={`row-${from + index}`}
              role="treeitem"
              class={from + index === current ? "row current" : "row"}
              style={{ top: `${(from + index) * HEIGHT}px`, paddingLeft: `${0.5 + (row.depth - 1) * 1.125}rem` }}
              aria-level={row.depth}
              aria-posinset={row.position}
              aria-setsize={row.among}
              aria-selected={row.node.path === chosen}
              aria-expanded={isFolder(row.node) && text === "" ? isOpen(row.node) : undefined}
              onClick={() => click(from + index, row.node)}
            >
              <span class={isOpen(row.node) ? "turn open" : "turn"}>
                {isFolder(row.node) && text === "" && <Icon name="chevron" />}
              </span>
              <TreeLine row={row} mark={mark(row.node)} flat={text !== ""} />
            </div>
          ))}
        </div>
      </div>
    </>
  )
}
