import { existsSync, mkdirSync, statSync } from "node:fs"
import { dirname } from "node:path"

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Makes a folder for its owner alone, and those above it. Node's own `recursive` never comes back where a folder that exists
 * answers ENOENT, as those of `/proc` do: the start would hang, and not hear a signal.
 */
export const makeFolder = (path: string): void => {
  const above = dirname(path)
  if (!existsSync(above)) makeFolder(above)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isFolder(path)) throw error
  }
}
