import { codeOf } from "../codeOf.ts"

/** A file that tokens are kept in could not be read, written or removed. */
export class FileUnusable extends Error {
  override readonly name = "FileUnusable"
}

/** Does something to a file, and says which one it was when that fails; what is not there is nothing. */
export const withFile = <A>(file: string, done: string, act: () => A): A | undefined => {
  try {
    return act()
  } catch (error) {
    const code = codeOf(error)
    if (code === "ENOENT") return undefined
    throw new FileUnusable(`${file} cannot be ${done} (${code}).`, { cause: error })
  }
}
