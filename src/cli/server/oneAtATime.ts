import { randomBytes } from "node:crypto"
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { codeOf } from "../codeOf.ts"
import { FileUnusable, withFile } from "./FileUnusable.ts"

const EVERY = 50
/** Longer than an exchange of tokens may take: whoever made an older file did not live to remove it. */
const STALE = 15_000

const isStale = (lock: string): boolean => {
  const made = withFile(lock, "looked at", () => statSync(lock).mtimeMs)
  return made !== undefined && Date.now() - made > STALE
}

/** Makes the file, unless there is one. */
const make = (lock: string, name: string): boolean => {
  try {
    writeFileSync(lock, name, { flag: "wx", mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false
    throw new FileUnusable(`${lock} cannot be written (${codeOf(error)}).`, { cause: error })
  }
}

/**
 * Lets one process at a time do this, by a file that only one can make. Two may still meet, where one of them took the
 * other's file for a dead one's: see the record on the command line as a client for why that does no harm.
 */
export const oneAtATime = async <A>(lock: string, work: () => Promise<A>): Promise<A> => {
  const name = randomBytes(16).toString("hex")
  while (!make(lock, name)) {
    if (isStale(lock)) rmSync(lock, { force: true })
    else await pause(EVERY)
  }
  try {
    return await work()
  } finally {
    if (withFile(lock, "read", () => readFileSync(lock, "utf8")) === name) rmSync(lock, { force: true })
  }
}
