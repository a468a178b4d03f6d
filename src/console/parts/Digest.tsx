import { useState } from "preact/hooks"
import { Icon } from "./Icon.tsx"

const DIGEST = /^sha256:[0-9a-f]{64}$/u
const SEEN = 12

export const isDigest = (text: string): boolean => DIGEST.test(text)

/** The beginning of a digest, which is enough for eyes; the whole of it is copied. */
export const Digest = ({ of }: { readonly of: string }) => {
  const [copied, copy] = useState(false)
  const short = `${of.slice(0, of.indexOf(":") + 1 + SEEN)}…`
  return (
    <button
      type="button"
      class="digest mono"
      title={of}
      onBlur={() => copy(false)}
      onClick={() => {
        navigator.clipboard.writeText(of).then(
          () => copy(true),
          () => copy(false)
        )
      }}
    >
      <span class="unseen">Copy </span>
      {short}
      <Icon name={copied ? "done" : "copy"} />
      <span class="unseen" role="status">
        {copied ? "Copied" : ""}
      </span>
    </button>
  )
}
