import { useEffect, useMemo, useState } from "preact/hooks"
import { Icon } from "../parts/Icon.tsx"
import { useWindow } from "./Lines.tsx"
import { sayBytes, sayCount } from "../parts/say.ts"
import { isFolder, type Node, type Row, type Rows } from "./Tree.ts"
import { TreeLine } from "./TreeLine.tsx"
import type { Peek } from "./usePeek.ts"

const HEIGHT = 30

/** The folders above a path. */
const foldersOf = (path: string): ReadonlyArray<string> =>
  [...path.matchAll(/\//gu)].map(({ index }) => path.slice(0, index)).filter((folder) => folder !== "")

/** What was listed once is known, and nothing of it is fetched again. */
const fetched = (bytes: number): string => (bytes === 0 ? "known already" : `${sayBytes(bytes)} fetched`)

const indexWhere = (rows: Rows, from: number, until: number, is: (row: Row) => boolean): number | undefined => {
  for (let index = from; index < until; index += 1) {
    const row = rows.at(index)
    if (row !== undefined && is(row)) return index
  }
  return undefined
}

/** The tree of a listing, as one control: arrows move and open, Enter picks. */
export const TreeView = ({
  peek,
  text,
  chosen,
  mark,
  onPick,
  onShow
}: {
  readonly peek: Peek
  readonly text: string
  readonly chosen: string | undefined
  readonly mark: (node: Node) => string | undefined
  readonly onPick: (node: Node) => void
  /** A folder was picked that the tree, and no search, is to show. */
  readonly onShow: () => void
}) => {
  const [open, setOpen] = useState(() => new Set(foldersOf(chosen ?? "")))
  const [at, move] = useState(0)
  const rows = useMemo(() => (text === "" ? peek.tree.rows(open) : peek.tree.search(text)), [peek, open, text])
  const { box, onScroll, from, until, reveal, page } = useWindow(rows.length, HEIGHT)
  useEffect(() => {
    move(0)
    reveal(0)
  }, [text])
  const current = Math.min(at, rows.length - 1)
  const seen = Array.from({ length: Math.max(0, until - from) }, (_, index) => rows.at(from + index)).filter(
    (row) => row !== undefined
  )

  const step = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    move(next)
    reveal(next)
  }
  const toggle = (node: Node, wanted = !open.has(node.path)): void => {
    const next = new Set(open)
    if (wanted) next.add(node.path)
    else next.delete(node.path)
    setOpen(next)
  }
  const show = (folder: Node): void => {
    const next = new Set([...open, ...foldersOf(folder.path), folder.path])
    const shown = peek.tree.rows(next)
    const index = indexWhere(shown, 0, shown.length, ({ node }) => node === folder) ?? 0
    setOpen(next)
    onShow()
    // When the lines are there.
    requestAnimationFrame(() => {
      move(index)
      reveal(index)
    })
  }
  const pick = (node: Node): void => {
    const target = node.entry?.type === "symlink" ? (peek.tree.follow(node.path) ?? node) : node
    if (target === node && isFolder(node) && text === "") toggle(node)
    else if (isFolder(target)) show(target)
    else onPick(target)
  }
  const keys = (row: Row): Readonly<Record<string, () => void>> => ({
    ArrowDown: () => step(current + 1),
    ArrowUp: () => step(current - 1),
    PageDown: () => step(current + page),
    PageUp: () => step(current - page),
    Home: () => step(0),
    End: () => step(rows.length - 1),
    ArrowRight: () => {
      if (!isFolder(row.node) || text !== "") return
      if (open.has(row.node.path)) step(current + 1)
      else toggle(row.node, true)
    },
    ArrowLeft: () => {
      if (text !== "") return
      if (open.has(row.node.path)) toggle(row.node, false)
      else step(indexWhere(rows, 0, current, ({ node }) => node === row.node.parent) ?? current)
    },
    Enter: () => pick(row.node),
    " ": () => pick(row.node)
  })
  /** Goes to the next name that begins with what was typed. */
  const seek = (letter: string): void => {
    const begins = ({ node }: Row) => node.name.toLowerCase().startsWith(letter.toLowerCase())
    const found = indexWhere(rows, current + 1, rows.length, begins) ?? indexWhere(rows, 0, current, begins)
    if (found !== undefined) step(found)
  }
  const press = (event: KeyboardEvent): void => {
    const row = rows.at(current)
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const act = keys(row)[event.key] ?? (event.key.length === 1 ? () => seek(event.key) : undefined)
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  return (
    <>
      <p class="small" role="status">
        {text === ""
          ? peek.summary && `${sayCount(peek.tree.count, "entry", "entries")}, ${fetched(peek.summary.bytes_fetched)}`
          : sayCount(rows.length, "match", "matches")}
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
              aria-expanded={isFolder(row.node) && text === "" ? open.has(row.node.path) : undefined}
              onClick={() => {
                move(from + index)
                pick(row.node)
              }}
            >
              <span class={open.has(row.node.path) ? "turn open" : "turn"}>
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
