import { useEffect, useMemo, useState } from "preact/hooks"
import type { Carved, Wanted } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { Failure } from "../parts/Failure.tsx"
import { Icon } from "../parts/Icon.tsx"
import { Lines } from "./Lines.tsx"
import { within } from "./within.ts"
import { sayBytes, sayMode, sayOwner } from "../parts/say.ts"
import type { Node } from "./Tree.ts"

/** What of a file is shown; all of it can be downloaded. */
const MOST = 2 * 1024 * 1024
const MOST_OF_A_PICTURE = 16 * 1024 * 1024
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)\b/u
const BYTES_A_LINE = 16

interface Shown {
  readonly carved: Carved
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isWhole: boolean
}

/** The beginning of a file. What is not shown is not read. */
const beginning = async (carved: Carved): Promise<Shown> => {
  const most = PICTURE.test(carved.type) ? MOST_OF_A_PICTURE : MOST
  const bytes = new Uint8Array(Math.min(most, carved.size))
  const reader = carved.bytes.getReader()
  let read = 0
  while (read < bytes.length) {
    const { done, value } = await reader.read()
    if (done) break
    bytes.set(value.subarray(0, bytes.length - read), read)
    read += Math.min(value.length, bytes.length - read)
  }
  await reader.cancel()
  return { carved, bytes: bytes.subarray(0, read), isWhole: carved.size <= most }
}

const textIn = (bytes: Uint8Array): string | undefined => {
  if (bytes.includes(0)) return undefined
  try {
    // A character that is cut at the end is waited for, and so no fault.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}

const hexLine = (bytes: Uint8Array, line: number): string => {
  const part = [...bytes.subarray(line * BYTES_A_LINE, (line + 1) * BYTES_A_LINE)]
  const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")
  const letters = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("")
  return `${hex.padEnd(BYTES_A_LINE * 3 - 1)}  ${letters}`
}

/** A picture from bytes alone: in an `img` no script of it runs, and nothing is loaded for it. */
const Picture = ({
  bytes,
  type,
  name
}: {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly name: string
}) => {
  const [url, show] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type }))
    show(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes])
  return <div class="picture">{url !== undefined && <img src={url} alt={`The picture ${name}`} />}</div>
}

const Content = ({ shown, name }: { readonly shown: Shown; readonly name: string }) => {
  const { bytes, carved, isWhole } = shown
  const lines = useMemo(() => textIn(bytes)?.split("\n"), [bytes])
  const label = `Content of ${name}`
  if (bytes.length === 0) return <p class="empty">The file is empty.</p>
  if (PICTURE.test(carved.type) && isWhole) return <Picture bytes={bytes} type={carved.type} name={name} />
  if (lines !== undefined) {
    return (
      <Lines
        count={lines.at(-1) === "" ? lines.length - 1 : lines.length}
        label={label}
        line={(index) => (
          <>
            <span class="number">{index + 1}</span>
            {lines[index]}
          </>
        )}
      />
    )
  }
  return (
    <Lines
      count={Math.ceil(bytes.length / BYTES_A_LINE)}
      label={label}
      line={(index) => (
        <>
          <span class="number">{(index * BYTES_A_LINE).toString(16).padStart(8, "0")}</span>
          {hexLine(bytes, index)}
        </>
      )}
    />
  )
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
        <h2 class="mono">{path}</h2>
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
        {shown !== undefined ? sayBytes(shown.carved.size) : failed === undefined ? "Reading …" : "Not to be read"}
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
      {failed !== undefined && wanted.layer !== undefined && (
        <p>
          <a href={within({ layer: undefined })}>Look for it in the whole image</a>
        </p>
      )}
      {shown !== undefined && <Content shown={shown} name={name} />}
    </section>
  )
}
