import type { Entry, EntryType } from "./Entry.ts"
import { rawBytes } from "./name.ts"
import { timestamp } from "./timestamp.ts"

const letters: Readonly<Record<EntryType, string>> = {
  file: "-",
  dir: "d",
  symlink: "l",
  hardlink: "-",
  char: "c",
  block: "b",
  fifo: "p"
}

/** Owner, group, others: where their bits are, and what stands in the place of the x when the special one is set. */
const classes = [
  { shift: 6, special: 0o4000, mark: "s" },
  { shift: 3, special: 0o2000, mark: "s" },
  { shift: 0, special: 0o1000, mark: "t" }
] as const

/** `rwxr-xr-x`, with setuid, setgid and sticky in the place of the x they stand beside. */
const permissions = (mode: number): string =>
  classes
    .map(({ shift, special, mark }) => {
      const bits = mode >> shift
      const marked = (mode & special) !== 0
      const execute = marked ? ((bits & 1) === 0 ? mark.toUpperCase() : mark) : (bits & 1) === 0 ? "-" : "x"
      return `${(bits & 4) === 0 ? "-" : "r"}${(bits & 2) === 0 ? "-" : "w"}${execute}`
    })
    .join("")

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" }

const octal = (character: string): string =>
  Array.from(rawBytes(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")

/** As `ls -b`: one line whatever the name, nothing a terminal would obey, and no byte lost. */
export const printable = (name: string): string =>
  name.replace(/[\\\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => escapes[character] ?? octal(character))

const tail = ({ type, link, whiteout }: Entry): string => {
  if (whiteout !== undefined) return whiteout === "opaque" ? " (opaque)" : " (deleted)"
  if (link === undefined) return ""
  return type === "symlink" ? ` -> ${printable(link)}` : ` link to ${printable(link)}`
}

const unpainted = (name: string): string => name

/**
 * An entry as `ls -la --time-style=long-iso -b` prints it, in UTC, its path in full, and in colour if it is painted. The link
 * count is not known.
 */
export const lsLine = (entry: Entry, paint: (name: string) => string = unpainted): string => {
  const size = entry.device === undefined ? String(entry.size) : `${entry.device.major}, ${entry.device.minor}`
  const user = printable(entry.uname ?? String(entry.uid)).padEnd(8)
  const group = printable(entry.gname ?? String(entry.gid)).padEnd(8)
  const time = timestamp(entry.mtime).slice(0, 16).replace("T", " ")
  const mode = letters[entry.type] + permissions(entry.mode)
  return `${mode} 1 ${user} ${group} ${size.padStart(10)} ${time} ${paint(printable(entry.path))}${tail(entry)}`
}
