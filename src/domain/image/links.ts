import { type Known, MAX_HOPS, type Sighting } from "./MergedTree.ts"
import { join, parent } from "./path.ts"

/**
 * As many components as are followed, links' targets included. Linux opens no path of more than 4096 bytes; who knows of
 * a longer way has made it to keep others waiting.
 */
const MAX_STEPS = 1024

/** Where a path leads. `path` is the absolute one reached so far, every link on the way to it followed. */
export type Resolution =
  | { readonly _tag: "Found"; readonly path: string; readonly sighting: Sighting }
  /** A directory that no layer lists, or the root. */
  | { readonly _tag: "Directory"; readonly path: string }
  /** Nothing is known of this path yet. */
  | { readonly _tag: "Unknown"; readonly path: string; readonly viaLink: boolean }
  | {
      readonly _tag: "Hidden"
      readonly path: string
      readonly viaLink: boolean
      readonly layer: number
      readonly deleted: boolean
    }
  /** Something below what is no directory was asked for. */
  | { readonly _tag: "NotADirectory"; readonly path: string; readonly viaLink: boolean }
  | { readonly _tag: "Loop"; readonly path: string }

/** Puts a path's components before those that are still to come; `names` has the next one last. */
const prepend = (names: Array<string>, path: string): void => {
  for (const name of path.split("/").toReversed()) names.push(name)
}

/** What is to be said of `names` below a file: that it is none, unless a layer says of them that it deletes them. */
const below = (
  lookup: (path: string) => Known,
  file: string,
  names: ReadonlyArray<string>,
  viaLink: boolean
): Resolution => {
  const path = names.reduce(join, file)
  const known = names.some((name) => name === "." || name === "..") ? undefined : lookup(path)
  return known?._tag === "Hidden"
    ? { _tag: "Hidden", path, viaLink, layer: known.layer, deleted: known.deleted }
    : { _tag: "NotADirectory", path: file, viaLink }
}

/**
 * Follows a path through an image: every component is looked up where the ones before it led, an absolute link begins
 * at the image's root, and `..` stops there. With `lookup` still learning, the answer is about what it knows now.
 */
export const resolve = (lookup: (path: string) => Known, path: string): Resolution => {
  const names: Array<string> = []
  prepend(names, path)
  let here = "/"
  let hops = 0
  let steps = 0
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (++steps + names.length > MAX_STEPS) return { _tag: "Loop", path: here }
    if (name === "" || name === ".") continue
    if (name === "..") {
      here = parent(here)
      continue
    }
    const there = join(here, name)
    const viaLink = hops > 0
    const known = lookup(there)
    if (known._tag === "Unknown") return { _tag: "Unknown", path: there, viaLink }
    if (known._tag === "Hidden") {
      return { _tag: "Hidden", path: there, viaLink, layer: known.layer, deleted: known.deleted }
    }
    if (known._tag === "Directory" || known.sighting.type === "dir") {
      here = there
    } else if (known.sighting.type === "symlink") {
      if (++hops > MAX_HOPS) return { _tag: "Loop", path: there }
      const target = known.sighting.link ?? ""
      if (target.startsWith("/")) here = "/"
      prepend(names, target)
    } else {
      const rest = names.filter((left) => left !== "").toReversed()
      return rest.length === 0
        ? { _tag: "Found", path: there, sighting: known.sighting }
        : below(lookup, there, rest, viaLink)
    }
  }
  return { _tag: "Directory", path: here }
}
