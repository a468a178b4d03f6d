import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { normalise } from "../../../../src/domain/image/path.ts"
import { inPieces, limits, readAll } from "../support/readAll.ts"
import { bytesOf, concat, endMarker, header, type Member, member, pax, paxRecord, tarball } from "../support/tarball.ts"

const read = (...members: ReadonlyArray<Member>) => readAll([tarball(...members)], { wanted: true })
const only = (...members: ReadonlyArray<Member>) => {
  const { entries, error } = read(...members)
  expect(error).toBeUndefined()
  expect(entries).toHaveLength(1)
  return entries[0]
}
const failure = (archive: Uint8Array, bounds = limits) => readAll([archive], { wanted: true, bounds }).error

const set = (offset: number, bytes: ReadonlyArray<number> | string) => (block: Uint8Array) =>
  block.set(typeof bytes === "string" ? bytesOf(bytes) : bytes, offset)

describe("headers", () => {
  it("takes the prefix field only with the POSIX magic", () => {
    const where = (magic: string, prefix = "dir") => only({ name: "name", prefix, magic })?.path
    expect(where("ustar\x0000")).toBe("/dir/name")
    expect(where("ustar  \0", "12574544345 12574544345 ")).toBe("/name")
    expect(where("")).toBe("/name")
  })

  it("knows the prefix that Go before 1.8 wrote where GNU has times", () => {
    const where = (prefix: string) => only({ name: "name", prefix, magic: "ustar  \0" })?.path
    expect(where("a/directory/of/docker")).toBe("/a/directory/of/docker/name")
    expect(where("é/no/ASCII")).toBe("/name")
  })

  it("reads no content of a directory that only its name tells", () => {
    const { entries, error } = readAll([tarball({ name: "one/", type: "\0", magic: "", size: 1 }, { name: "two" })])
    expect([error, entries.map((entry) => [entry.path, entry.type, entry.size])]).toEqual([
      undefined,
      [
        ["/one", "dir", 0],
        ["/two", "file", 0]
      ]
    ])
  })

  it("allows zeros before a PAX number", () => {
    const size = `${"0".repeat(30)}3`
    expect(only(pax([["size", size]]), { name: "f", size: 0, content: "abc" })?.size).toBe(3)
  })

  it("knows that star's prefix is shorter", () => {
    const patch = (block: Uint8Array) => {
      block.set(bytesOf("00000000001 00000000001 "), 476)
      block.set(bytesOf("tar\0"), 508)
    }
    expect(only({ name: "name", prefix: "p".repeat(131), patch })?.path).toBe(`/${"p".repeat(131)}/name`)
  })

  it.each([476, 488])("refuses what claims to be star's and has no time at %i, where the prefix could go on", (at) => {
    const patch = (block: Uint8Array) => {
      block.set(bytesOf("00000000001 00000000001 "), 476)
      block.set(bytesOf("prefix"), at)
      block.set(bytesOf("tar\0"), 508)
    }
    expect(failure(tarball({ name: "name", prefix: "p", patch }))?._tag).toBe("LayerCorrupt")
  })

  it("reads owners' names and devices only where the format has them", () => {
    const patch = (block: Uint8Array) => {
      block.set(bytesOf("user\0"), 265)
      block.set(bytesOf("0000010\0"), 329)
    }
    expect(only({ name: "d", type: "3", patch })).toMatchObject({ uname: "user", device: { major: 8, minor: 0 } })
    expect(only({ name: "d", type: "3", magic: "", patch })).not.toHaveProperty("uname")
  })

  it("reads base-256 numbers, negative ones too", () => {
    const time = (bytes: ReadonlyArray<number>) => only({ name: "f", patch: set(136, bytes) })?.mtime
    expect(time([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])).toBe(-1)
    expect(time([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00])).toBe(-256)
    expect(time([0x80, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0])).toBe(2 ** 33)
  })

  it("takes blanks and NULs around octal digits, and nothing at all, as numbers", () => {
    expect(only({ name: "f", patch: set(108, "   17 \0\0") })?.uid).toBe(15)
    expect(only({ name: "f", patch: set(108, [0, 0, 0, 0, 0, 0, 0, 0]) })?.uid).toBe(0)
  })

  it.each([
    ["not octal", "0000089\0"],
    ["digits after a gap", "12 34  \0"]
  ])("refuses a number that is %s", (_, text) => {
    expect(failure(tarball({ name: "f", patch: set(108, text) }))?._tag).toBe("LayerCorrupt")
  })

  it("refuses a number beyond 2^53, and a negative size", () => {
    expect(failure(tarball({ name: "f", patch: set(124, [0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) }))?._tag).toBe(
      "LayerCorrupt"
    )
    expect(
      failure(
        tarball({
          name: "f",
          patch: set(
            124,
            Array.from({ length: 12 }, () => 0xff)
          )
        })
      )?._tag
    ).toBe("LayerCorrupt")
  })

  it("accepts a checksum of signed bytes, and no wrong one", () => {
    const name = Uint8Array.of(0xc3, 0xa9, 0xff)
    expect(only({ name, signed: true })?.path).toBe("/é\udcff")
    const broken = tarball({ name: "f" })
    broken[0] = 0x67
    expect(failure(broken)).toMatchObject({ _tag: "LayerCorrupt", reason: "a header's checksum is wrong" })
  })

  it("reads each type as what it is", () => {
    const types = ["0", "\0", "7", "1", "2", "3", "4", "5", "6", "?", "D"]
    const { entries } = read(...types.map((type) => ({ name: "n", type })))
    expect(entries.map((entry) => entry.type)).toEqual([
      "file",
      "file",
      "file",
      "hardlink",
      "symlink",
      "char",
      "block",
      "dir",
      "fifo",
      "file",
      "dir"
    ])
  })

  it("takes the oldest kind of file for a directory when its name ends like one", () => {
    expect(only({ name: "d/", type: "\0" })?.type).toBe("dir")
    expect(only({ name: "d/", type: "0" })?.type).toBe("file")
  })

  it("skips no content after what has none, whatever its header claims", () => {
    for (const type of ["1", "2", "3", "4", "5", "6"]) {
      const { entries } = read({ name: "a", type, size: 512 }, { name: "b" })
      expect(entries.map(({ path, size }) => [path, size])).toEqual([
        ["/a", 0],
        ["/b", 0]
      ])
    }
  })

  it("lists neither the root, nor an empty name, nor a volume's label", () => {
    const { entries } = read({ name: "./", type: "5" }, { name: "" }, { name: "label", type: "V" }, { name: "x" })
    expect(entries.map((entry) => entry.path)).toEqual(["/x"])
  })

  it("keeps a symbolic link as written and makes a hard link's path absolute", () => {
    expect(only({ name: "s", type: "2", link: "../a//b" })?.link).toBe("../a//b")
    expect(only({ name: "h", type: "1", link: "./a//b" })?.link).toBe("/a/b")
  })

  it("does not read a further volume of several", () => {
    expect(failure(tarball({ name: "f", type: "M" }))?._tag).toBe("LayerUnsupported")
  })
})

describe("long names", () => {
  const long = (type: string, content: string | Uint8Array): Member => ({ name: "././@LongLink", type, content })

  it("come before the file, with or without the NUL", () => {
    const name = "n".repeat(300)
    expect(only(long("L", `${name}\0`), { name: "short" })?.path).toBe(`/${name}`)
    expect(only(long("L", name), { name: "short" })?.path).toBe(`/${name}`)
    expect(only(long("K", `${name}\0`), { name: "s", type: "2", link: "short" })?.link).toBe(name)
  })

  it("are for one file", () => {
    expect(read(long("L", "long"), { name: "a" }, { name: "b" }).entries.map((entry) => entry.path)).toEqual([
      "/long",
      "/b"
    ])
  })

  it("that are empty leave the header's own, as in Go", () => {
    expect(only(long("L", "\0"), { name: "a" })?.path).toBe("/a")
    expect(only(long("K", ""), { name: "s", type: "2", link: "there" })?.link).toBe("there")
  })

  it("may hold any byte", () => {
    expect(only(long("L", Uint8Array.of(0xff, 0x0a, 0x80)), { name: "a" })?.path).toBe("/\udcff\n\udc80")
  })
})

describe("PAX", () => {
  it("replaces what the header says", () => {
    const records: ReadonlyArray<readonly [string, string]> = [
      ["path", "p/é"],
      ["uid", "3000000000"],
      ["gid", "7"],
      ["uname", "ü"],
      ["gname", "g"],
      ["mtime", "-1.5"],
      ["SCHILY.xattr.user.x", "\0=\n"],
      ["comment", "whatever"]
    ]
    expect(only(pax(records), { name: "short" })).toMatchObject({
      path: "/p/é",
      uid: 3_000_000_000,
      gid: 7,
      uname: "ü",
      gname: "g",
      mtime: -1.5
    })
  })

  it("applies to the next file and not to a long name between", () => {
    const { entries, contents, error } = read(
      pax([["size", "3"]]),
      { name: "././@LongLink", type: "L", content: "long\0" },
      { name: "short", content: "abc", patch: set(124, "00000000000\0") },
      { name: "after" }
    )
    expect(error).toBeUndefined()
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ["/long", 3],
      ["/after", 0]
    ])
    expect(contents.get("/long")).toEqual(bytesOf("abc"))
  })

  it("has the last word on a file's size, so nothing can hide in it", () => {
    const hidden = member({ name: "hidden" })
    const { entries } = readAll([concat(member(pax([["size", "512"]])), header({ name: "outer" }), hidden, endMarker)])
    expect(entries.map((entry) => entry.path)).toEqual(["/outer"])
  })

  it("lets an empty value leave the header's own", () => {
    expect(only(pax([["path", ""]]), { name: "own" })?.path).toBe("/own")
  })

  it("lets the last of several count", () => {
    const records = [
      ["path", "one"],
      ["path", "two"]
    ] as const
    expect(only(pax(records), { name: "f" })?.path).toBe("/two")
  })

  it("applies global owners and times to every file after, under the file's own", () => {
    const globals = [
      ["uname", "all"],
      ["mtime", "5"],
      ["path", "not-for-all"],
      ["size", "9"]
    ] as const
    const { entries } = read(pax(globals, "g"), { name: "a" }, pax([["uname", "one"]]), { name: "b" }, { name: "c" })
    expect(entries.map(({ path, uname, mtime }) => [path, uname, mtime])).toEqual([
      ["/a", "all", 5],
      ["/b", "one", 5],
      ["/c", "all", 5]
    ])
  })

  it.each([
    ["no length", "path=x\n"],
    ["a length that is too long", "99 path=x\n"],
    ["a length that is too short", "5 path=x\n"],
    ["no newline at its end", "9 path=xx"],
    ["no key", "5 =x\n"],
    ["no equals sign", "7 path\n"],
    ["a NUL in a name", "10 path=\0x\n"],
    ["a size that is none", "9 size=x\n"],
    ["a negative size", "11 size=-1\n"],
    ["a time that is none", "11 mtime=x\n"]
  ])("is refused with %s", (_, content) => {
    expect(failure(tarball({ name: "x", type: "x", content }, { name: "f" }))?._tag).toBe("LayerCorrupt")
  })

  test.prop([fc.array(fc.tuple(fc.constantFrom("path", "linkpath", "uname"), fc.string({ unit: "grapheme" })))])(
    "reads what POSIX says to write",
    (records) => {
      const clean = records.map(([key, value]) => [key, `x${value.replaceAll("\0", "")}`] as const)
      const last = new Map(clean)
      // The root is not listed.
      fc.pre(normalise(last.get("path") ?? "own") !== "/")
      const entry = only(pax(clean), { name: "own", type: "2", link: "own" })
      if (last.has("uname")) expect(entry?.uname).toBe(last.get("uname"))
      expect(entry?.link).toBe(last.get("linkpath") ?? "own")
    }
  )
})

describe("sparse files", () => {
  const expanded = concat(new Uint8Array(1000), bytesOf("abc"), new Uint8Array(997), bytesOf("de"), new Uint8Array(98))
  const stored = "abcde"
  const octal12 = (value: number) => value.toString(8).padStart(11, "0")

  const check = (...members: ReadonlyArray<Member>) => {
    const { entries, contents, error } = read(...members, { name: "after" })
    expect(error).toBeUndefined()
    expect(entries.map(({ path, size, type }) => [path, size, type])).toEqual([
      ["/sparse", expanded.length, "file"],
      ["/after", 0, "file"]
    ])
    expect(contents.get("/sparse")).toEqual(expanded)
  }

  it("of old GNU tar are expanded", () => {
    const patch = (block: Uint8Array) => {
      const numbers = [1000, 3, 2000, 2]
      numbers.forEach((value, at) => block.set(bytesOf(octal12(value)), 386 + at * 12))
      block.set(bytesOf(octal12(expanded.length)), 483)
    }
    check({ name: "sparse", type: "S", magic: "ustar  \0", content: stored, patch })
  })

  it("of old GNU tar may need more headers", () => {
    const patch = (block: Uint8Array) => {
      block.set(bytesOf(octal12(1000)), 386)
      block.set(bytesOf(octal12(3)), 398)
      block[482] = 1
      block.set(bytesOf(octal12(expanded.length)), 483)
    }
    const extension = new Uint8Array(512)
    extension.set(bytesOf(octal12(2000)), 0)
    extension.set(bytesOf(octal12(2)), 12)
    const start = header({ name: "sparse", type: "S", magic: "ustar  \0", size: 5, patch })
    const content = concat(bytesOf(stored), new Uint8Array(507))
    const { entries, contents } = readAll([concat(start, extension, content, endMarker)], { wanted: true })
    expect(entries[0]?.size).toBe(expanded.length)
    expect(contents.get("/sparse")).toEqual(expanded)
  })

  it("of PAX 0.0 are expanded", () => {
    const records = [
      ["GNU.sparse.size", String(expanded.length)],
      ["GNU.sparse.numblocks", "2"],
      ["GNU.sparse.offset", "1000"],
      ["GNU.sparse.numbytes", "3"],
      ["GNU.sparse.offset", "2000"],
      ["GNU.sparse.numbytes", "2"]
    ] as const
    check(pax(records), { name: "sparse", content: stored })
  })

  it("of PAX 0.1 are expanded", () => {
    const records = [
      ["GNU.sparse.size", String(expanded.length)],
      ["GNU.sparse.numblocks", "2"],
      ["GNU.sparse.map", "1000,3,2000,2"],
      ["GNU.sparse.name", "sparse"]
    ] as const
    check(pax(records), { name: "GNUSparseFile.1/sparse", content: stored })
  })

  it("of PAX 1.0 are expanded", () => {
    const records = [
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.realsize", String(expanded.length)],
      ["GNU.sparse.name", "sparse"]
    ] as const
    const map = new Uint8Array(512)
    map.set(bytesOf("2\n1000\n3\n2000\n2\n"))
    check(pax(records), { name: "GNUSparseFile.1/sparse", content: concat(map, bytesOf(stored)) })
  })

  it.each([
    ["overlap", "10,3,11,2"],
    ["go beyond the file", "4999,5"],
    ["hold more than there is", "0,6"],
    ["hold less than there is", "0,4"],
    ["are negative", "-3,5"],
    ["are half a pair", "0,5,6"],
    ["are no numbers", "0,x"]
  ])("are refused when their pieces %s", (_, map) => {
    const records = [
      ["GNU.sparse.size", "5000"],
      ["GNU.sparse.map", map]
    ] as const
    expect(failure(tarball(pax(records), { name: "f", content: stored }))?._tag).toBe("LayerCorrupt")
  })

  const [place, length, count] = ["offset", "numbytes", "numblocks"].map((key) => `GNU.sparse.${key}`)
  it.each([
    [
      "say a size before an offset",
      [
        [length, "2"],
        [place, "0"],
        [length, "3"],
        [place, "2"]
      ]
    ],
    [
      "say all offsets before all sizes",
      [
        [place, "0"],
        [place, "2"],
        [length, "2"],
        [length, "3"]
      ]
    ],
    [
      "are fewer than they say",
      [
        [count, "2"],
        ["GNU.sparse.map", "0,5"]
      ]
    ],
    [
      "are more than they say",
      [
        [count, "0"],
        [place, "0"],
        [length, "5"]
      ]
    ],
    [
      "are no number of them",
      [
        [count, "one"],
        ["GNU.sparse.map", "0,5"]
      ]
    ]
  ])("are refused, listed or carved, when their pieces %s", (_, records) => {
    const all = [["GNU.sparse.size", "9"], ...records].map(([key = "", value = ""]) => [key, value] as const)
    const archive = tarball(pax(all), { name: "f", content: stored })
    for (const wanted of [false, true]) {
      const { entries, error } = readAll([archive], { wanted })
      expect([entries, error?._tag]).toEqual([[], "LayerCorrupt"])
    }
  })

  it("have the size that is theirs, where there is one of what is stored too", () => {
    const records = [
      ["GNU.sparse.realsize", "7"],
      ["GNU.sparse.size", "9"],
      ["GNU.sparse.map", "0,5"]
    ] as const
    expect(only(pax(records), { name: "f", content: stored })?.size).toBe(9)
  })

  it.each([
    ["PAX", pax([["GNU.sparse.map", "0,5"]]), {}],
    ["old GNU tar", { name: "f" }, { type: "S", magic: "ustar  \0", patch: set(483, "no number...") }]
  ])("of %s are refused when their size is not told", (_, before, kind) => {
    expect(failure(tarball(before, { name: "sparse", content: stored, ...kind }))?._tag).toBe("LayerCorrupt")
  })

  it("of old GNU tar have GNU's own header", () => {
    expect(failure(tarball({ name: "sparse", type: "S" }))).toMatchObject({
      reason: "a sparse file's header is not GNU's"
    })
  })

  it("are refused when their map is longer than what is stored", () => {
    const records = [
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.realsize", "1"]
    ] as const
    expect(failure(tarball(pax(records), { name: "f", content: "1\n0\n" }))).toMatchObject({
      reason: "a sparse file's map is broken"
    })
  })

  it("are files, and nothing else is", () => {
    const records = [
      ["GNU.sparse.size", "0"],
      ["GNU.sparse.map", ""]
    ] as const
    expect(failure(tarball(pax(records), { name: "empty" }))).toBeUndefined()
    expect(failure(tarball(pax(records), { name: "d", type: "5", size: 5 }))).toMatchObject({
      reason: "something other than a regular file is sparse"
    })
  })

  it("may have a quarter of a million pieces", () => {
    const pieces = 250_000
    const map = `${pieces}\n${"0\n0\n".repeat(pieces - 1)}7\n3\n`
    const padded = map.padEnd(Math.ceil(map.length / 512) * 512, "\0")
    const records = [
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.realsize", "10"]
    ] as const
    const { contents, error } = read(pax(records), { name: "many", content: `${padded}abc` })
    expect([error, contents.get("/many")]).toEqual([undefined, concat(new Uint8Array(7), bytesOf("abc"))])
  })

  it("are listed, but have no content, when their map and the archive differ", () => {
    const records = [
      ["GNU.sparse.size", "5000"],
      ["GNU.sparse.map", "0,4"]
    ] as const
    const archive = tarball(pax(records), { name: "sparse", content: stored }, { name: "after" })
    expect(readAll([archive]).entries.map(({ path, size }) => [path, size])).toEqual([
      ["/sparse", 5000],
      ["/after", 0]
    ])
    expect(failure(archive)?._tag).toBe("LayerCorrupt")
  })

  it("cannot promise more than the limit", () => {
    const records = [
      ["GNU.sparse.size", String(2 ** 50)],
      ["GNU.sparse.map", "0,5"]
    ] as const
    expect(failure(tarball(pax(records), { name: "f", content: stored }))).toMatchObject({
      _tag: "LayerLimitExceeded",
      limit: "bytes",
      value: limits.maxBytes
    })
  })
})

describe("the end", () => {
  const file = member({ name: "f", content: "abc" })

  it("is two blocks of zeros, and what follows is of no interest", () => {
    expect(readAll([concat(file, endMarker, bytesOf("anything"))]).error).toBeUndefined()
  })

  it("may be missing, with the last file's padding", () => {
    expect(readAll([file]).error).toBeUndefined()
    expect(readAll([concat(header({ name: "f", size: 3 }), bytesOf("abc"))]).error).toBeUndefined()
    expect(readAll([]).error).toBeUndefined()
  })

  it("cannot come inside a header or a file's content", () => {
    for (const end of [1, 100, 511, 513, 514]) {
      expect(failure(file.slice(0, end))).toMatchObject({ reason: "the archive is cut short" })
    }
  })

  it("cannot come between a header that announces a file and the file", () => {
    expect(failure(tarball(pax([["path", "x"]])))?._tag).toBe("LayerCorrupt")
  })

  it("is not one lone block of zeros", () => {
    expect(failure(concat(new Uint8Array(512), file))?._tag).toBe("LayerCorrupt")
  })
})

describe("limits", () => {
  it("bound the number of headers, those included that are no files", () => {
    const archive = tarball(...Array.from({ length: 11 }, () => ({ name: "f", type: "g" })))
    expect(failure(archive, { ...limits, maxEntries: 10 })).toMatchObject({ limit: "entries", value: 10 })
    expect(failure(archive, { ...limits, maxEntries: 11 })).toBeUndefined()
  })

  it("bound what one file may spend on headers, before any of it is read", () => {
    const bounds = { ...limits, maxHeaderBytes: 1000 }
    expect(failure(header({ name: "x", type: "L", size: 1001 }), bounds)).toMatchObject({ limit: "names", value: 1000 })
    const half: Member = { name: "x", type: "L", content: "n".repeat(600) }
    expect(failure(tarball(half, half, { name: "f" }), bounds)).toMatchObject({ limit: "names" })
    expect(failure(tarball(half, { name: "f" }, half, { name: "f" }), bounds)).toBeUndefined()
  })

  it.each([
    ["a long name", (name: string): Member => ({ name: "x", type: "L", content: `${name}\0` })],
    ["a long link", (name: string): Member => ({ name: "x", type: "K", content: `${name}\0` })],
    ["a PAX path", (name: string) => pax([["path", name]])],
    ["a global owner", (name: string) => pax([["uname", name]], "g")]
  ])("bound each name: %s", (_, before) => {
    const bounds = { ...limits, maxNameBytes: 1000 }
    const archive = (length: number) => tarball(before("n".repeat(length)), { name: "f" })
    expect(failure(archive(1000), bounds)).toBeUndefined()
    expect(failure(archive(1001), bounds)).toMatchObject({ limit: "names", value: 1000 })
  })

  it("bound the map of a sparse file of old GNU tar", () => {
    const patch = (block: Uint8Array) => {
      block[482] = 1
      block.set(bytesOf("00000000000\0"), 483)
    }
    const start = header({ name: "f", type: "S", magic: "ustar  \0", patch })
    const more = new Uint8Array(512)
    more[504] = 1
    const archive = concat(start, ...Array.from({ length: 10 }, () => more), new Uint8Array(512), endMarker)
    expect(failure(archive)).toBeUndefined()
    expect(failure(archive, { ...limits, maxHeaderBytes: 5000 })).toMatchObject({ limit: "names", value: 5000 })
  })

  it("bound the map of a sparse file", () => {
    const bounds = { ...limits, maxHeaderBytes: 5000 }
    const lines = concat(bytesOf(`${2 ** 40}\n`), bytesOf("1\n".repeat(20_000)))
    const records = [
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.realsize", "1"]
    ] as const
    expect(failure(tarball(pax(records), { name: "f", content: lines }), bounds)).toMatchObject({ limit: "names" })
  })
})

const anyMember: fc.Arbitrary<ReadonlyArray<Member>> = fc.oneof(
  fc
    .record({
      name: fc.uint8Array({ maxLength: 99 }).map((name) => name.map((byte) => byte || 1)),
      type: fc.constantFrom("0", "1", "2", "3", "5", "6", "V", "?"),
      link: fc.string({ maxLength: 20 }),
      content: fc.uint8Array({ maxLength: 1500 })
    })
    .map((one) => [/[0V?]/u.test(one.type) ? one : { ...one, content: "" }]),
  fc.string({ minLength: 1, maxLength: 700 }).map(
    (name): ReadonlyArray<Member> => [
      { name: "././@LongLink", type: "L", content: `${name.replaceAll("\0", "")}\0` },
      { name: "x", content: "content" }
    ]
  ),
  fc.tuple(fc.nat(5000), fc.uint8Array({ maxLength: 600 })).map(
    ([hole, content]): ReadonlyArray<Member> => [
      {
        name: "PaxHeaders/x",
        type: "x",
        content: concat(
          paxRecord("GNU.sparse.size", String(hole + content.length)),
          paxRecord("GNU.sparse.map", `${hole},${content.length}`)
        )
      },
      { name: "sparse", content }
    ]
  )
)
const anyArchive = fc.array(anyMember, { maxLength: 8 }).map((members) => tarball(...members.flat()))
const anySizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2000 })), { minLength: 1 })

describe("whatever comes", () => {
  test.prop([anyArchive, anySizes, fc.boolean()])("does not depend on how it is cut", (archive, sizes, wanted) => {
    const whole = readAll([archive], { wanted })
    expect(whole.error).toBeUndefined()
    expect(readAll(inPieces(archive, sizes), { wanted })).toEqual(whole)
  })

  test.prop([anyArchive, fc.nat(), fc.boolean()])(
    "an archive cut short has the first entries of the whole, and no others",
    (archive, seed, wanted) => {
      const whole = readAll([archive], { wanted })
      const { entries, error } = readAll([archive.slice(0, seed % (archive.length + 1))], { wanted })
      expect(whole.entries.slice(0, entries.length)).toEqual(entries)
      if (error !== undefined) expect(error._tag).toBe("LayerCorrupt")
    }
  )

  test.prop([fc.uint8Array({ maxLength: 4000 }), anySizes])("any bytes are read or refused", (bytes, sizes) => {
    const { error } = readAll(inPieces(bytes, sizes), { wanted: true })
    expect([undefined, "LayerCorrupt", "LayerUnsupported", "LayerLimitExceeded"]).toContain(error?._tag)
  })

  const mutation = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 })

  test.prop([anyArchive, mutation], { numRuns: 500 })(
    "a damaged archive is read or refused, in pieces as in one",
    (archive, changes) => {
      const damaged = archive.slice()
      for (const [at, value] of changes) damaged[at % damaged.length] = value
      const whole = readAll([damaged], { wanted: true })
      expect([undefined, "LayerCorrupt", "LayerUnsupported", "LayerLimitExceeded"]).toContain(whole.error?._tag)
      expect(readAll(inPieces(damaged, [1, 700]), { wanted: true }).entries).toEqual(whole.entries)
    }
  )

  test.prop([anyMember, fc.nat(), fc.nat(255)], { numRuns: 500 })(
    "a damaged header with a checksum that holds is read or refused",
    (members, at, value) => {
      const damaged = members.map((one) => ({
        ...one,
        patch: (block: Uint8Array) => {
          block[at % 512] = value
        }
      }))
      const { error } = readAll([tarball(...damaged)], { wanted: true })
      expect([undefined, "LayerCorrupt", "LayerUnsupported", "LayerLimitExceeded"]).toContain(error?._tag)
    }
  )
})
