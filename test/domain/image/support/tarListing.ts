import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import type { ArchiveEntry } from "../../../../src/domain/image/Entry.ts"
import { decodeName } from "../../../../src/domain/image/name.ts"
import { normalise } from "../../../../src/domain/image/path.ts"

/** What two readers of an archive must agree on. */
export interface Line extends Pick<ArchiveEntry, "path" | "type" | "mode" | "uid" | "gid" | "size" | "mtime"> {
  readonly link: string | undefined
  readonly device: ArchiveEntry["device"] | undefined
}

const LINE =
  /^(.)(.{9}) (\d+)\/(\d+) +(\d+(?:,\d+)?) (-?\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d+))? +"((?:[^"\\]|\\.)*)"(?: (?:->|link to) "((?:[^"\\]|\\.)*)")?(?:--Volume Header--| unknown file type '.')?$/u

const types: Readonly<Record<string, ArchiveEntry["type"]>> = {
  "-": "file",
  d: "dir",
  l: "symlink",
  h: "hardlink",
  c: "char",
  b: "block",
  p: "fifo"
}

const controls: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }

/** Undoes `--quoting-style=c`. */
const unquote = (text: string): string => {
  const bytes = text.replace(/\\([0-7]{3}|.)/gu, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : (controls[escaped] ?? escaped)
  )
  return decodeName(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
}

const modeOf = (letters: string): number =>
  Array.from(letters).reduce((mode, letter, at) => {
    const special = "sStT".includes(letter) ? 0o4000 >> Math.floor(at / 3) : 0
    return mode | special | (letter === "-" || letter === "S" || letter === "T" ? 0 : 0o400 >> at)
  }, 0)

/** What GNU tar printed is nothing that this knows. */
export class Unreadable extends Error {}

/** What GNU tar sees in an archive. */
export const tarListing = (archive: string): ReadonlyArray<Line> =>
  // From its standard input, tar takes no compression off by itself.
  execFileSync("tar", ["-tvf", "-", "--numeric-owner", "--full-time", "--quoting-style=c"], {
    env: { PATH: process.env["PATH"], TZ: "UTC", LC_ALL: "C" },
    input: readFileSync(archive),
    stdio: ["pipe", "pipe", "ignore"],
    encoding: "utf8",
    maxBuffer: 2 ** 26
  })
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      const match = LINE.exec(line)
      if (match === null) throw new Unreadable(`tar printed what this test cannot read: ${line}`)
      const [, letter = "", mode = "", uid, gid, size = "", date = "", fraction = "0", name = "", link] = match
      const type = types[letter] ?? "file"
      const [major, minor] = size.split(",")
      const target = link === undefined ? undefined : unquote(link)
      const path = normalise(unquote(name))
      if (path === "/" || letter === "V") return []
      return {
        path,
        type,
        mode: modeOf(mode),
        uid: Number(uid),
        gid: Number(gid),
        size: type === "file" ? Number(size) : 0,
        mtime: Date.parse(`${date.replace(" ", "T")}Z`) / 1000 + Number(`0.${fraction}`),
        link: target !== undefined && type === "hardlink" ? normalise(target) : target,
        device: minor === undefined ? undefined : { major: Number(major), minor: Number(minor) }
      }
    })

export const lineOf = ({ path, type, mode, uid, gid, size, mtime, link, device }: ArchiveEntry): Line => ({
  path,
  type,
  mode,
  uid,
  gid,
  size,
  mtime,
  link,
  device
})

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))

/** What Python's tarfile sees in an archive, where there is a Python. */
export const pythonListing = (archive: string): ReadonlyArray<Line> => {
  const script = `
import json, sys, tarfile
b = lambda s: s.encode("utf-8", "surrogateescape").hex()
with tarfile.open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as archive:
    print(json.dumps([[b(m.name), m.type.decode("latin1"), m.mode, m.uid, m.gid, m.size, m.mtime, b(m.linkname), m.devmajor, m.devminor] for m in archive]))
`
  const output = execFileSync("python3", ["-c", script, archive], { encoding: "utf8", maxBuffer: 2 ** 26 })
  const letters: Readonly<Record<string, ArchiveEntry["type"]>> = {
    "1": "hardlink",
    "2": "symlink",
    "3": "char",
    "4": "block",
    "5": "dir",
    "6": "fifo"
  }
  type Row = [string, string, number, number, number, number, number, string, number, number]
  const rows: ReadonlyArray<Row> = JSON.parse(output)
  return rows.flatMap(([name, letter, mode, uid, gid, size, mtime, linkname, major, minor]) => {
    const type = letters[letter] ?? "file"
    const path = normalise(decodeName(fromHex(name)))
    const link = decodeName(fromHex(linkname))
    if (path === "/") return []
    return {
      path,
      type,
      mode,
      uid,
      gid,
      size: type === "file" ? size : 0,
      mtime,
      link: type === "symlink" ? link : type === "hardlink" ? normalise(link) : undefined,
      device: type === "char" || type === "block" ? { major, minor } : undefined
    }
  })
}

export const hasPython = (): boolean => {
  try {
    execFileSync("python3", ["-c", "import tarfile"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}
