import { useEffect, useMemo, useState } from "preact/hooks"
import { PICTURE, type Shown } from "./beginning.ts"
import { Lines } from "./Lines.tsx"

const BYTES_A_LINE = 16

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

/** What a file holds, as far as it is shown: a picture, lines of text, or bytes. */
export const Content = ({ shown, name }: { readonly shown: Shown; readonly name: string }) => {
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
