import { randomBytes } from "node:crypto"
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { dirname, join } from "node:path"
import { onShelf, type Shelf, type Store } from "../../client/client.ts"
import { FileUnusable, withFile } from "./FileUnusable.ts"
import { oneAtATime } from "./oneAtATime.ts"

/** A folder that is nobody else's business. */
const ownFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}

/** All of it or nothing, and on the disk: a refresh token that was exchanged is worth nothing, so the new one must not be lost. */
const write = (file: string, text: string): void => {
  ownFolder(dirname(file))
  const temporary = `${file}.${randomBytes(6).toString("hex")}`
  try {
    const descriptor = openSync(temporary, "wx", 0o600)
    try {
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
  } finally {
    rmSync(temporary, { force: true })
  }
}

const shelf: Shelf = {
  getItem: (file) => withFile(file, "read", () => readFileSync(file, "utf8")) ?? null,
  setItem: (file, text) => withFile(file, "written", () => write(file, text)),
  removeItem: (file) => withFile(file, "removed", () => rmSync(file, { force: true }))
}

/** Where the tokens for one server are kept. */
interface TokenFile extends Store {
  /** Waits for an exchange that is under way, whose answer would be lost otherwise; none begins any more. */
  readonly leave: () => Promise<void>
}

/** The tokens for one server, in a file of its own that only its owner can read. */
export const tokenFile = (folder: string, server: string): TokenFile => {
  const file = join(folder, `${encodeURIComponent(server)}.json`)
  let left = false
  let exchanging = false
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...onShelf(shelf, file),
    shared: undefined,
    alone: (work) => {
      const exchange = oneAtATime(`${file}.lock`, async () => {
        if (left) throw new FileUnusable(`${file} is not used any more.`)
        exchanging = true
        return work()
      }).finally(() => {
        exchanging = false
      })
      last = exchange
      return exchange
    },
    leave: async () => {
      left = true
      if (exchanging) await Promise.allSettled([last])
    }
  }
}
