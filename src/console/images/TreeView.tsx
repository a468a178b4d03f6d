import { useEffect, useMemo, useState } from "preact/hooks"
import { Icon, type IconName } from "../parts/Icon.tsx"
import { useWindow } from "./Lines.tsx"
import { sayBytes, sayCount, sayMode, sayOwner } from "./say.ts"
import { isFolder, type Node, type Row } from "./Tree.ts"
import type { Peek } from "./usePeek.ts"

const HEIGHT = 30

const iconOf = (node: Node): IconName => {
  if (isFolder(node)) return "folder"
  const type = node.entry?.type
  if (type === "symlink" || type === "hardlink") return "link"
  return type === undefined || type === "file" ? "file" : "device_file"
}

/** The folders above a path. */
const foldersOf = (path: string): ReadonlyArray<string> =>
  [...path.matchAll(/\//gu)].map(({ index }) => path.slice(0, index)).filter((folder) => folder !== "")

const Line = ({
  row,
  mark,
  flat
}: {
  readonly row: Row
  readonly mark: string | undefined
  readonly flat: boolean
}) => {
  const { name, path, entry, deleted } = row.node
  return (
    <>
      <Icon name={iconOf(row.node)} />
      <span class={deleted ? "name gone" : "name"}>
        {flat ? path : name}
        {entry?.link !== undefined && <span class="target"> → {entry.link}</span>}
      </span>
      {mark !== undefined && <span class="tag warn">{mark}</span>}
      {entry !== undefined && !deleted && (
        <>
          <span class="mono mode">{sayMode(entry)}</span>
          <span class="mono owner">{sayOwner(entry)}</span>
          <span class="size">{entry.type === "file" || entry.type === "hardlink" ? sayBytes(entry.size) : ""}</span>
        </>
      )}
    </>
  )
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
  useEffect(() => move(0), [text])
  const current = Math.min(at, rows.length - 1)

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
    const index = peek.tree.rows(next).findIndex(({ node }) => node === folder)
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
    else if (!target.deleted) onPick(target)
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
      if (open.has(row.node.path)) toggle(row.node, false)
      else step(rows.findIndex(({ node }) => node === row.node.parent))
    },
    Enter: () => pick(row.node),
    " ": () => pick(row.node)
  })
  const press = (event: KeyboardEvent): void => {
    const row = rows[current]
    const act = row === undefined ? undefined : keys(row)[event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }

  return (
    <>
      <p class="small" role="status">
        {text === ""
          ? peek.summary &&
            `${sayCount(peek.tree.count, "entry", "entries")}, ${sayBytes(peek.summary.bytes_fetched)} fetched`
          : sayCount(rows.length, "match", "matches")}
      </p>
      <div
        ref={box}
        class="tree"
        role="tree"
        aria-label="Files"
        tabIndex={0}
        aria-activedescendant={rows.length === 0 ? undefined : `row-${current}`}
        onScroll={onScroll}
        onKeyDown={press}
      >
        <div class="tall" role="none" style={{ height: `${rows.length * HEIGHT}px` }}>
          {rows.slice(from, until).map((row, index) => (
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
              <Line row={row} mark={mark(row.node)} flat={text !== ""} />
            </div>
          ))}
        </div>
      </div>
    </>
  )
}
