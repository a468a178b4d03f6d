import type { Entry } from "../../client/client.ts"

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"]

export const sayBytes = (bytes: number): string => {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`
}

export const sayCount = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`

const KINDS = { file: "-", hardlink: "-", dir: "d", symlink: "l", char: "c", block: "b", fifo: "p" } as const

const triple = (bits: number, special: boolean, letter: string): string => {
  const x = (bits & 1) === 1
  const last = special ? (x ? letter : letter.toUpperCase()) : x ? "x" : "-"
  return `${(bits & 4) === 0 ? "-" : "r"}${(bits & 2) === 0 ? "-" : "w"}${last}`
}

/** As `ls -l` writes it. */
export const sayMode = ({ type, mode }: Entry): string =>
  KINDS[type] +
  triple((mode >> 6) & 7, (mode & 0o4000) !== 0, "s") +
  triple((mode >> 3) & 7, (mode & 0o2000) !== 0, "s") +
  triple(mode & 7, (mode & 0o1000) !== 0, "t")

export const sayOwner = ({ uid, gid, uname, gname }: Entry): string => `${uname ?? uid}:${gname ?? gid}`
