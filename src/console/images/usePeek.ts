import { useEffect, useState } from "preact/hooks"
import type { Summary } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { Tree } from "./Tree.ts"

/** A listing as far as it has come. */
export interface Peek {
  readonly tree: Tree
  readonly progress: ReadonlyMap<number, { readonly bytes: number; readonly of: number }>
  readonly summary: Summary | undefined
  readonly failed: unknown
}

export interface Listed {
  /** Digest of the image's manifest: what is listed under it never changes. */
  readonly image: string
  readonly digest: string
  readonly platform: string
  readonly layer: string | undefined
}

const REMEMBERED = 6
/** How often the page shows what has come, in milliseconds. */
const PACE = 100

const remembered = new Map<string, Peek>()
const keyOf = ({ image, digest, layer }: Listed): string => `${image} ${digest} ${layer ?? ""}`

const remember = (listed: Listed, peek: Peek): void => {
  remembered.set(keyOf(listed), peek)
  const [oldest] = remembered.keys()
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest)
}

const nothing = (): Peek => ({ tree: new Tree(), progress: new Map(), summary: undefined, failed: undefined })

/** Peeks as long as the page shows it, and remembers the last few. Undefined is not peeked at. */
export const usePeek = (listed: Listed | undefined): Peek => {
  const [peek, show] = useState(nothing)
  const key = listed === undefined ? "" : keyOf(listed)
  useEffect(() => {
    if (listed === undefined) return
    const known = remembered.get(key)
    if (known !== undefined) return show(known)
    const stop = new AbortController()
    let current = nothing()
    show(current)
    const read = async () => {
      let shown = performance.now()
      const { image, platform, layer } = listed
      for await (const step of keyhole.peek({ image, platform, layer }, { signal: stop.signal })) {
        for (const entry of step.entries) current.tree.insert(entry)
        const progress = new Map(current.progress)
        for (const { layer: index, bytes, of } of step.progress) progress.set(index, { bytes, of })
        current = { tree: current.tree, progress, summary: step.summary, failed: undefined }
        if (step.summary === undefined && performance.now() - shown < PACE) continue
        shown = performance.now()
        show(current)
      }
      remember(listed, current)
      setTimeout(() => current.tree.prepare())
    }
    read().catch((failed: unknown) => {
      if (!stop.signal.aborted) show({ ...current, failed })
    })
    return () => stop.abort()
  }, [key])
  return peek
}
