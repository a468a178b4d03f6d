import { useEffect, useState } from "preact/hooks"
import { Problem, type Wanted } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { Failure } from "../parts/Failure.tsx"
import { Icon } from "../parts/Icon.tsx"
import { beginning, type Shown } from "./beginning.ts"
import { Content } from "./Content.tsx"
import { within } from "./within.ts"
import { sayBytes, sayMode, sayOwner } from "../parts/say.ts"
import type { Node } from "./Node.ts"

/** Where a file may be that cannot be read here. */
const Elsewhere = ({ failed, layer }: { readonly failed: unknown; readonly layer: Wanted["layer"] }) => {
  if (layer !== undefined) {
    return (
      <p>
        <a href={within({ layer: undefined })}>Look for it in the whole image</a>
      </p>
    )
  }
  const isDeleted = failed instanceof Problem && failed.is("file-deleted")
  return isDeleted ? (
    <p>
      <a href={within({ hidden: "1", path: undefined })}>Show what layers delete</a>
    </p>
  ) : null
}

/** One file: what it is, its content, and the way to save it. */
export const FileView = ({ wanted, node }: { readonly wanted: Wanted; readonly node: Node | undefined }) => {
  const [shown, show] = useState<Shown>()
  const [failed, fail] = useState<unknown>()
  const path = wanted.path ?? ""
  const encoded = node?.entry?.path_base64
  const asked = encoded === undefined ? wanted : { ...wanted, path: undefined, path_base64: encoded }
  useEffect(() => {
    const stop = new AbortController()
    keyhole
      .carve(asked, { signal: stop.signal })
      .then(beginning)
      .then(show)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) fail(error)
      })
    return () => stop.abort()
  }, [encoded])
  const name = path.slice(path.lastIndexOf("/") + 1)
  return (
    <section class="view" aria-label={`File ${name}`}>
      <header>
        <h2 class="mono" tabIndex={-1}>
          {path}
        </h2>
        {failed === undefined && (
          <a class="button plain" href={keyhole.fileUrl(asked)} download={name}>
            <Icon name="download" />
            Download
          </a>
        )}
        <a class="button plain" href={within({ path: undefined })} aria-label="Close the file">
          <Icon name="close" />
        </a>
      </header>
      <p class="small">
        {shown !== undefined ? sayBytes(shown.carved.size) : failed === undefined ? "Reading …" : "It cannot be read"}
        {node?.entry !== undefined && ` · ${sayMode(node.entry)} · ${sayOwner(node.entry)} · layer ${node.entry.layer}`}
        {shown !== undefined && shown.carved.path !== path && (
          <>
            {" "}
            · a link to <a href={within({ path: shown.carved.path })}>{shown.carved.path}</a>
          </>
        )}
        {shown?.isWhole === false && ` · the first ${sayBytes(shown.bytes.length)} are shown`}
      </p>
      <Failure failed={failed} />
      {failed !== undefined && <Elsewhere failed={failed} layer={wanted.layer} />}
      {shown !== undefined && <Content shown={shown} name={name} />}
    </section>
  )
}
