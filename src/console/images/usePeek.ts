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

/** Reads a listing, and shows now and then how far it has come. */
const read = async (listed: Listed, signal: AbortSignal, show: (peek: Peek) => void): Promise<Peek> => {
  let current = nothing()
  show(current)
  try {
    let shown = performance.now()
    const { image, platform, layer } = listed
    for await (const step of keyhole.peek({ image, platform, layer }, { signal })) {
      for (const entry of step.entries) current.tree.insert(entry)
      const progress = new Map(current.progress)
      for (const { layer: index, bytes, of } of step.progress) progress.set(index, { bytes, of })
      current = { tree: current.tree, progress, summary: step.summary, failed: undefined }
      if (step.summary === undefined && performance.now() - shown < PACE) continue
      shown = performance.now()
      show(current)
    }
    remember(listed, current)
    // After the tree has been painted.
    requestAnimationFrame(() => setTimeout(() => current.tree.prepare()))
  } catch (failed) {
    current = { ...current, failed }
    if (!signal.aborted) show(current)
  }
  return current
}

/** Peeks as long as the page shows it, and remembers the last few. Undefined is not peeked at. */
export const usePeek = (listed: Listed | undefined): Peek => {
  const [peek, show] = useState(nothing)
  const key = listed === undefined ? "" : keyOf(listed)
  useEffect(() => {
    if (listed === undefined) return
    const known = remembered.get(key)
    if (known !== undefined) return show(known)
    const stop = new AbortController()
    void read(listed, stop.signal, show)
    return () => stop.abort()
  }, [key])
  return peek
}

/** Peeks at one after the other; what is there of them when all have been read, or one has failed. */
export const usePeeks = (all: ReadonlyArray<Listed>): ReadonlyArray<Peek> => {
  const [peeks, show] = useState<ReadonlyArray<Peek>>([])
  useEffect(() => {
    show([])
    const stop = new AbortController()
    const readAll = async () => {
      const found: Array<Peek> = []
      for (const listed of all) {
        const peek = remembered.get(keyOf(listed)) ?? (await read(listed, stop.signal, () => undefined))
        if (stop.signal.aborted) return
        found.push(peek)
        if (peek.failed !== undefined) break
      }
      show(found)
    }
    void readAll()
    return () => stop.abort()
  }, [all.map(keyOf).join()])
  return peeks
}
