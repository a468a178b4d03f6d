import type { Entry } from "../../../../src/domain/image/Entry.ts"

const above = (path: string): ReadonlyArray<string> =>
  path
    .split("/")
    .slice(1, -1)
    .map((_, at, names) => `/${names.slice(0, at + 1).join("/")}`)

/**
 * What layers make of one another when they are unpacked one after the other, lowest first: a plain map of paths, each
 * layer's deletions first. This is how engines do it, and nothing like how `MergedTree` does.
 */
export const stackedFiles = (layers: ReadonlyArray<ReadonlyArray<Entry>>): ReadonlyMap<string, Entry> => {
  const files = new Map<string, Entry>()
  const removeBelow = (path: string) => {
    for (const each of files.keys()) if (each.startsWith(path === "/" ? path : `${path}/`)) files.delete(each)
  }
  const makeDirectory = (path: string) => {
    if (files.get(path)?.type !== "dir") files.delete(path)
  }
  for (const layer of layers) {
    for (const { path, type, whiteout } of layer) {
      if (whiteout === "file") files.delete(path)
      if (whiteout !== undefined || type !== "dir") removeBelow(path)
      if (whiteout === "opaque") makeDirectory(path)
      for (const directory of above(path)) makeDirectory(directory)
    }
    for (const one of layer) if (one.whiteout === undefined) files.set(one.path, one)
  }
  return files
}
