import { useEffect, useMemo, useState } from "preact/hooks"
import { isFolder, type Node } from "./Node.ts"
import type { Row, Rows } from "./Tree.ts"
import type { Peek } from "./usePeek.ts"
import { useWindow } from "./useWindow.ts"

/** The folders above a path. */
const foldersOf = (path: string): ReadonlyArray<string> =>
  [...path.matchAll(/\//gu)].map(({ index }) => path.slice(0, index)).filter((folder) => folder !== "")

const indexWhere = (rows: Rows, from: number, until: number, is: (row: Row) => boolean): number | undefined => {
  for (let index = from; index < until; index += 1) {
    const row = rows.at(index)
    if (row !== undefined && is(row)) return index
  }
  return undefined
}

export interface TreeUse {
  /** What is searched for; the tree itself is shown while it is empty. */
  readonly text: string
  readonly chosen: string | undefined
  readonly onPick: (node: Node) => void
  /** A folder was picked that the tree, and no search, is to show. */
  readonly onShow: () => void
}

/** A tree under somebody's hands: which folders are open, which line is the current one, and what keys and clicks do to that. */
export const useTree = (peek: Pick<Peek, "tree">, height: number, { text, chosen, onPick, onShow }: TreeUse) => {
  const { tree } = peek
  const [open, setOpen] = useState(() => new Set(foldersOf(chosen ?? "")))
  const [at, move] = useState(0)
  // A tree grows; each time it is shown anew with another peek.
  const rows = useMemo(() => (text === "" ? tree.rows(open) : tree.search(text)), [peek, open, text])
  const { reveal, page, ...view } = useWindow(rows.length, height)
  useEffect(() => {
    move(0)
    reveal(0)
  }, [text])
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
    const shown = tree.rows(next)
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
    const target = node.entry?.type === "symlink" ? (tree.follow(node.path) ?? node) : node
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
  const click = (index: number, node: Node): void => {
    move(index)
    pick(node)
  }
  return { ...view, rows, current, isOpen: (node: Node) => open.has(node.path), press, click }
}
