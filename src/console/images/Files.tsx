import { useMemo, useState } from "preact/hooks"
import type { Manifest } from "../../client/client.ts"
import { Failure } from "../parts/Failure.tsx"
import { go, place } from "../place.ts"
import { useFocus } from "./useFocus.ts"
import { within } from "./within.ts"
import { FileView } from "./FileView.tsx"
import { SearchField } from "../parts/SearchField.tsx"
import { sayBytes, sayCount } from "../parts/say.ts"
import type { Node } from "./Node.ts"
import { TreeView } from "./TreeView.tsx"
import { type Hidden, withHidden } from "./hidden.ts"
import { type Listed, type Peek, usePeek, usePeeks } from "./usePeek.ts"

const Progress = ({ peek, manifest }: { readonly peek: Peek; readonly manifest: Manifest }) => {
  if (peek.summary !== undefined || peek.failed !== undefined) return null
  const came = [...peek.progress.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  const of = [...peek.progress.values()].reduce((sum, each) => sum + each.of, 0)
  return (
    <div class="progress">
      <progress aria-label="Reading" {...(of > 0 && { max: of, value: came })} />
      <p class="small">
        {sayCount(peek.tree.count, "file")} · {sayBytes(came)} of {sayBytes(of === 0 ? manifest.size : of)} read
      </p>
    </div>
  )
}

/** What became of a file of one layer in the image as a whole. */
const fate = (merged: Peek, layer: string, node: Node): string | undefined => {
  if (node.deleted) return "deleted here"
  if (node.opaque) return "hides what is below it"
  if (merged.summary === undefined || node.entry === undefined) return undefined
  const now = merged.tree.find(node.path)?.entry
  if (now === undefined) return "deleted later"
  // A directory that comes again is the same directory.
  return now.layer === Number(layer) || node.entry.type === "dir" ? undefined : `overridden by layer ${now.layer}`
}

/** What became of it on the way to the image as a whole. */
const story = ({ fates, overridden }: Hidden, { path }: Node): string | undefined => {
  const fallen = fates.get(path)
  if (fallen !== undefined) return `deleted by layer ${fallen.by}`
  const below = overridden.get(path)
  return below === undefined ? undefined : `overrides layer ${below}`
}

/** The whole image with what its layers hide, once it is wanted and all of them are read. */
const useHidden = (merged: Peek, layers: ReadonlyArray<Listed>): Hidden | undefined => {
  const peeks = usePeeks(layers)
  return useMemo(() => {
    const areThere = peeks.length > 0 && peeks.length === layers.length && merged.summary !== undefined
    return areThere && peeks.every(({ failed }) => failed === undefined)
      ? withHidden(
          merged.tree,
          peeks.map(({ tree }) => tree)
        )
      : undefined
  }, [merged.summary, peeks])
}

export const Files = ({ manifest, image }: { readonly manifest: Manifest; readonly image: string }) => {
  const { layer, path, hidden } = place.value.query
  const [text, search] = useState("")
  const common = { image, digest: manifest.digest, platform: manifest.platform }
  const merged = usePeek({ ...common, layer: undefined })
  const single = usePeek(layer === undefined ? undefined : { ...common, layer })
  const isHiddenWanted = layer === undefined && hidden !== undefined && merged.summary !== undefined
  const all = useHidden(
    merged,
    isHiddenWanted ? manifest.layers.map(({ index }) => ({ ...common, layer: String(index) })) : []
  )
  const whole = useMemo(() => (all === undefined ? merged : { ...merged, tree: all.tree }), [merged, all])
  const peek = layer === undefined ? whole : single
  const shown = useMemo(() => (path === undefined ? undefined : peek.tree.find(path)), [path, peek])
  useFocus(path)
  const mark = (node: Node) => (layer === undefined ? all && story(all, node) : fate(merged, layer, node))
  const pick = (node: Node) => {
    // What is deleted is looked at where it still is.
    const fallen = layer === undefined ? all?.fates.get(node.path) : undefined
    if (fallen !== undefined) go(within({ layer: String(fallen.layer), path: node.path }))
    else if (!node.deleted) go(within({ path: node.path }))
  }
  return (
    <div class={path === undefined ? "files" : "files open"}>
      <div class="browse">
        <div class="tools">
          <label>
            <span class="unseen">Files of</span>
            <select
              value={layer ?? ""}
              onChange={({ currentTarget: { value } }) =>
                go(within({ layer: value === "" ? undefined : value, path: undefined }))
              }
            >
              <option value="">Whole image</option>
              {manifest.layers.map(({ index, size }) => (
                <option key={index} value={String(index)}>
                  Layer {index} · {sayBytes(size)}
                </option>
              ))}
            </select>
          </label>
          <SearchField label="Search for names" value={text} onType={search} />
        </div>
        {layer === undefined && manifest.layers.length > 1 && (
          <label class="choice">
            <input
              type="checkbox"
              checked={hidden !== undefined}
              onChange={({ currentTarget: { checked } }) => go(within({ hidden: checked ? "1" : undefined }))}
            />
            Show what layers delete and override
          </label>
        )}
        <Progress peek={peek} manifest={manifest} />
        <Failure failed={peek.failed} />
        <TreeView
          key={layer ?? ""}
          peek={peek}
          text={text.trim()}
          chosen={path}
          mark={mark}
          onPick={pick}
          onShow={() => search("")}
        />
      </div>
      {path !== undefined && (
        <FileView
          key={`${layer ?? ""} ${path}`}
          wanted={{ image, platform: manifest.platform, layer, path }}
          node={shown}
        />
      )}
    </div>
  )
}
