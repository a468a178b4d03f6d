import { execFileSync } from "node:child_process"
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fc, test } from "@fast-check/vitest"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { decodeName, rawBytes } from "../../../../src/domain/image/name.ts"
import { inPieces, readAll } from "../support/readAll.ts"
import { hasPython, type Line, lineOf, pythonListing, tarListing } from "../support/tarListing.ts"

const folder = mkdtempSync(join(tmpdir(), "keyhole-tar-"))
afterAll(() => rmSync(folder, { recursive: true }))

const inside = (tree: string, path: string): Buffer => Buffer.concat([Buffer.from(`${folder}/${tree}`), rawBytes(path)])
const write = (tree: string, path: string, content: string | Buffer) => writeFileSync(inside(tree, path), content)

/** What every format can hold. */
const plain = (tree: string) => {
  mkdirSync(join(folder, tree, "dir/sub"), { recursive: true })
  write(tree, "/empty", "")
  write(tree, "/dir/file", "content")
  write(tree, "/dir/block", Buffer.alloc(512, 1))
  write(tree, "/dir/sub/big", Buffer.alloc(200_001, "x"))
  linkSync(inside(tree, "/dir/file"), inside(tree, "/hard"))
  symlinkSync("../dir/./file", inside(tree, "/soft"))
  write(tree, "/su", "#!")
  chmodSync(inside(tree, "/su"), 0o6755)
  chmodSync(inside(tree, "/dir"), 0o1777)
  execFileSync("mkfifo", [join(folder, tree, "pipe")])
  write(tree, '/new\nline \\ "quoted" \t\x7f', "odd")
  write(tree, "/bytes-\udcff\udce9-é-\u{1f511}", "not UTF-8")
  for (const path of ["/dir/file", "/su", "/empty"]) utimesSync(inside(tree, path), 1_000_000_000, 1_000_000_000)
}

const long = (tree: string) => {
  const deep = `/${["d".repeat(90), "e".repeat(90), "f".repeat(90)].join("/")}`
  mkdirSync(inside(tree, deep), { recursive: true })
  write(tree, `${deep}/${"g".repeat(200)}`, "deep")
  write(tree, `/${"n".repeat(100)}`, "a hundred")
  write(tree, `/${"m".repeat(101)}`, "a hundred and one")
  symlinkSync("t".repeat(300), inside(tree, "/long-target"))
  linkSync(inside(tree, `${deep}/${"g".repeat(200)}`), inside(tree, "/long-hard"))
}

const times = (tree: string) => {
  write(tree, "/before", "")
  utimesSync(inside(tree, "/before"), -86_400.5, -86_400.5)
  write(tree, "/far", "")
  utimesSync(inside(tree, "/far"), 10_413_792_000, 10_413_792_000)
  symlinkSync("x", inside(tree, "/link"))
  lutimesSync(inside(tree, "/link"), 1.25, 1.25)
}

const holes = (tree: string) => {
  mkdirSync(join(folder, tree), { recursive: true })
  const sparse = (name: string, size: number, pieces: ReadonlyArray<readonly [number, string]>) => {
    const file = openSync(join(folder, tree, name), "w")
    ftruncateSync(file, size)
    for (const [at, text] of pieces) writeSync(file, text, at)
    closeSync(file)
  }
  sparse("all-hole", 1_000_000, [])
  sparse("start", 1_000_000, [[0, "start"]])
  sparse("end", 1_000_003, [[1_000_000, "end"]])
  sparse(
    "many",
    3_000_000,
    Array.from({ length: 60 }, (_, at) => [at * 49_152 + 17, `piece ${at}`] as const)
  )
  write(tree, "/after", "dense")
}

const trees = { plain, long, times, holes }
type Tree = keyof typeof trees

beforeAll(() => {
  for (const [name, build] of Object.entries(trees)) {
    mkdirSync(join(folder, name), { recursive: true })
    build(name)
  }
})

const archiveOf = (title: string, tree: Tree, options: ReadonlyArray<string>): string => {
  const archive = join(folder, `${title.replaceAll(/[^\w.-]/gu, "_")}.tar`)
  execFileSync("tar", ["-cf", archive, "--sort=name", ...options, "-C", join(folder, tree), "."])
  return archive
}

/** Seconds to a double's and a listing's common precision. */
const rounded = (line: Line): Line => ({ ...line, mtime: Math.round(line.mtime * 1e3) / 1e3 })

const check = (archive: string, listing: ReadonlyArray<Line>, tree?: Tree) => {
  const bytes = readFileSync(archive)
  const { entries, contents, error } = readAll(inPieces(bytes, [65_536, 1000, 77]), { wanted: true })
  expect(error).toBeUndefined()
  expect(entries.map((entry) => rounded(lineOf(entry)))).toEqual(listing.map(rounded))
  if (tree === undefined) return
  for (const { path } of entries.filter((entry) => entry.type === "file")) {
    expect(Buffer.compare(contents.get(path) ?? Buffer.alloc(0), readFileSync(inside(tree, path))), path).toBe(0)
  }
}

const archives: ReadonlyArray<readonly [title: string, tree: Tree, options: ReadonlyArray<string>]> = [
  // GNU tar keeps special files out of v7 archives.
  ["v7", "plain", ["--format=v7", "--exclude=pipe"]],
  ["ustar", "plain", ["--format=ustar"]],
  ["oldgnu", "plain", ["--format=oldgnu"]],
  ["gnu", "plain", ["--format=gnu"]],
  ["pax", "plain", ["--format=pax"]],
  ["gnu, long names", "long", ["--format=gnu"]],
  ["oldgnu, long names", "long", ["--format=oldgnu"]],
  ["pax, long names", "long", ["--format=pax"]],
  ["gnu, times beyond octal", "times", ["--format=gnu"]],
  ["pax, times beyond octal", "times", ["--format=pax"]],
  ["gnu, big owners", "plain", ["--format=gnu", "--owner=big:3000000000", "--group=bigger:4000000000"]],
  ["pax, big owners", "plain", ["--format=pax", "--owner=ü:3000000000", "--group=bigger:4000000000"]],
  ["pax, global records", "plain", ["--format=pax", "--pax-option=globexthdr.name=g,comment=hello,mtime=1000"]],
  ["oldgnu, sparse", "holes", ["--format=oldgnu", "--sparse"]],
  ["gnu, sparse", "holes", ["--format=gnu", "--sparse"]],
  ["pax, sparse 0.0", "holes", ["--format=pax", "--sparse", "--sparse-version=0.0"]],
  ["pax, sparse 0.1", "holes", ["--format=pax", "--sparse", "--sparse-version=0.1"]],
  ["pax, sparse 1.0", "holes", ["--format=pax", "--sparse", "--sparse-version=1.0"]],
  ["not sparse", "holes", ["--format=ustar"]]
]

describe("whatever GNU tar writes", () => {
  const directory = "a-directory-whose-name-is-longer-than-any-file's/"
  const byte = fc.integer({ min: 1, max: 255 }).map((value) => (value === 0x2f ? 0x2e : value))
  const file = fc.record({
    under: fc.constantFrom("", directory),
    name: fc.array(byte, { minLength: 1, maxLength: 30 }).filter((name) => name.some((value) => value !== 0x2e)),
    content: fc.uint8Array({ maxLength: 1500 }),
    mode: fc.constantFrom(0o644, 0o600, 0o4755, 0o1444),
    mtime: fc.nat(2 ** 33 - 1)
  })

  test.prop(
    [
      fc.uniqueArray(file, { maxLength: 6, selector: ({ under, name }) => `${under}${name.join()}` }),
      fc.constantFrom("v7", "ustar", "oldgnu", "gnu", "pax")
    ],
    {
      numRuns: 25
    }
  )("is read as the files it was given", (files, format) => {
    const root = mkdtempSync(join(folder, "any-"))
    mkdirSync(join(root, directory))
    const written = new Map<string, (typeof files)[number]>()
    for (const one of files) {
      const path = Buffer.concat([Buffer.from(`${root}/${one.under}`), Uint8Array.from(one.name)])
      writeFileSync(path, one.content)
      chmodSync(path, one.mode)
      utimesSync(path, one.mtime, one.mtime)
      written.set(`/${one.under}${decodeName(Uint8Array.from(one.name))}`, one)
    }
    const archive = execFileSync("tar", ["-c", `--format=${format}`, "-C", root, "."])
    const { entries, contents, error } = readAll(inPieces(archive, [700, 1, 4096]), { wanted: true })
    const found = entries.filter(({ type }) => type === "file")
    expect(error).toBeUndefined()
    expect(found.map(({ path }) => path).toSorted()).toEqual([...written.keys()].toSorted())
    for (const { path, mode, mtime, size } of found) {
      const { content, ...one } = written.get(path) ?? expect.fail(path)
      expect({ mode, mtime, size }).toEqual({ mode: one.mode, mtime: one.mtime, size: content.length })
      expect(Buffer.compare(contents.get(path) ?? Buffer.alloc(0), content)).toBe(0)
    }
  })
})

const readers = [["GNU tar", tarListing] as const, ...(hasPython() ? [["Python", pythonListing] as const] : [])]

describe.each(readers)("an archive by GNU tar reads as %s reads it", (reader, listing) => {
  it.each(archives)("%s", (title, tree, options) => {
    const archive = archiveOf(`${reader} ${title}`, tree, options)
    check(archive, listing(archive), tree)
  })

  it("devices", () => {
    const archive = join(folder, `${reader}-devices.tar`)
    for (const format of ["ustar", "oldgnu", "gnu", "pax"]) {
      execFileSync("tar", ["-cf", archive, `--format=${format}`, "-C", "/dev", "null", "zero", "urandom"])
      check(archive, listing(archive))
    }
  })
})
