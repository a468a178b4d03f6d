import { Icon, type IconName } from "../parts/Icon.tsx"
import { sayBytes, sayMode, sayOwner } from "../parts/say.ts"
import { isFolder, type Node } from "./Node.ts"
import type { Row } from "./Tree.ts"

const iconOf = (node: Node): IconName => {
  if (isFolder(node)) return "folder"
  const type = node.entry?.type
  if (type === "symlink" || type === "hardlink") return "link"
  return type === undefined || type === "file" ? "file" : "device_file"
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1)

/** What is told of a name in one line. */
export const TreeLine = ({
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
      <span class={deleted ? "name gone" : "name"} title={path}>
        {name}
        {flat && <span class="target"> {folderOf(path)}</span>}
        {!flat && entry?.link !== undefined && <span class="target"> → {entry.link}</span>}
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
