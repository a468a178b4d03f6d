import { bytesOf, concat, endMarker, header, type Member, member, pax, tarball } from "./tarball.ts"

/*
 * Archives that are odd in one place each, in the manner of those that readers of tar are tested with. A file of five bytes
 * comes after the odd one, so that who misjudges its length notices.
 */

const GNU = "ustar  \0"
const after: Member = { name: "after", content: "after" }
const set = (at: number, bytes: string | ReadonlyArray<number>) => (block: Uint8Array) =>
  block.set(typeof bytes === "string" ? bytesOf(bytes) : bytes, at)
const all =
  (...patches: ReadonlyArray<(block: Uint8Array) => void>) =>
  (block: Uint8Array) => {
    for (const patch of patches) patch(block)
  }
const times = (count: number, value: number): ReadonlyArray<number> => Array.from({ length: count }, () => value)
const octal = (value: number) => `${value.toString(8).padStart(11, "0")}\0`

/** A PAX header that says the file's name, once or more. */
const named = (...names: ReadonlyArray<string | Uint8Array>) => pax(names.map((name) => ["path", name] as const))

type Odd = readonly [title: string, archive: Uint8Array]
const odd = (title: string, ...members: ReadonlyArray<Member>): Odd => [title, tarball(...members, after)]

/** What may stand in a field for a number, in a header. */
const fields: ReadonlyArray<readonly [what: string, bytes: (width: number) => string | ReadonlyArray<number>]> = [
  ["in base 256", (width) => [0x80, ...times(width - 2, 0), 5]],
  ["negative in base 256", (width) => times(width, 0xff)],
  ["beyond all bounds in base 256", (width) => [0xbf, ...times(width - 1, 0xff)]],
  ["beyond all bounds below zero", (width) => [0xc0, ...times(width - 1, 0)]],
  ["with a blank at its end", (width) => "5 ".padStart(width, "0")],
  ["that fills its field", (width) => "5".padStart(width, "0")],
  ["after blanks", (width) => "5".padStart(width, " ")],
  ["before blanks", (width) => "5".padEnd(width, " ")],
  ["with a blank inside", (width) => "5 5".padEnd(width, " ")],
  ["with a sign", (width) => `-${"5\0".padStart(width - 1, "0")}`],
  ["in base 16", (width) => "0x5".padEnd(width, "\0")],
  ["that is not there", (width) => "\0".repeat(width)],
  ["that is blank", (width) => " ".repeat(width)],
  ["after a NUL", (width) => `\0${"5\0".padStart(width - 1, "0")}`],
  ["with a digit that is none", (width) => "8".padEnd(width, "\0")],
  ["before a NUL and garbage", (width) => "5\0".padEnd(width, "!")]
]
const numbers = (
  [
    ["a size", 124, 12],
    ["a time", 136, 12],
    ["an owner", 108, 8]
  ] as const
).flatMap(([field, at, width]) =>
  fields.map(([what, bytes]) => odd(`${field} ${what}`, { name: "f", content: "hello", patch: set(at, bytes(width)) }))
)

const texts = ["-5", "005", "+5", "", " 5", "5 ", "0x5", "9".repeat(20), "5.", "5.25", "-0.5", ".5", "1e3", "5.5.5"]
const paxNumbers = ["size", "mtime", "uid"].flatMap((key) =>
  texts.map((text) => odd(`the record ${key}=${text}`, pax([[key, text]]), { name: "f", content: "hello" }))
)

const checksums = (
  [
    ["as most write it", (sum) => `${sum.toString(8).padStart(6, "0")}\0 `],
    ["of seven digits", (sum) => `${sum.toString(8).padStart(7, "0")}\0`],
    ["of eight digits", (sum) => sum.toString(8).padStart(8, "0")],
    ["after blanks", (sum) => sum.toString(8).padStart(8)],
    ["without zeros in front", (sum) => sum.toString(8).padEnd(8, "\0")],
    ["that is not there", () => "\0".repeat(8)],
    ["that is blank", () => " ".repeat(8)]
  ] satisfies ReadonlyArray<readonly [string, (sum: number) => string]>
).map(([what, form]): Odd => {
  const block = header({ name: "f" })
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  block.set(bytesOf(form(sum)), 148)
  return [`a checksum ${what}`, concat(block, tarball(after))]
})

const types = Array.from("7VMNAEIz89:@ a").map((type) =>
  odd(`the type ${type}`, { name: "f", type, magic: GNU, content: "hello" })
)

const contents = [
  odd("a directory with a size", { name: "d/", type: "5", size: 1000 }),
  odd("a directory with a negative size", { name: "d/", type: "5", patch: set(124, times(12, 0xff)) }),
  odd("a directory of GNU's, its names inside", { name: "d/", type: "D", magic: GNU, content: "Ya\0Nb\0\0" }),
  odd("an oldest file whose name ends like a directory's", { name: "d/", type: "\0", magic: "" }),
  odd("the same, with a size and no content", { name: "d/", type: "\0", magic: "", size: 3 }),
  odd("the same, by a record", named("d/"), { name: "f", type: "\0" }),
  odd("a directory by its name, and by a record none", named("d"), { name: "d/", type: "\0" }),
  odd("a file whose name ends like a directory's", { name: "d/", content: "hello" }),
  odd("a hard link with a size and no content", { name: "h", type: "1", link: "after", size: 3 }),
  odd("a hard link with content", { name: "h", type: "1", link: "after", content: "hello" }),
  odd("a hard link with a record of its size", pax([["size", "3"]]), { name: "h", type: "1", link: "after" }),
  odd("a symbolic link with a record of its size", pax([["size", "600"]]), { name: "s", type: "2", link: "after" }),
  odd("a symbolic link to nothing", { name: "s", type: "2" }),
  odd("a symbolic link of a hundred bytes", { name: "s", type: "2", link: "l".repeat(100) }),
  odd("a pipe with content", { name: "p", type: "6", content: "hello" }),
  odd("a device with content", { name: "c", type: "3", content: "hello" }),
  odd("a size that a record makes less", pax([["size", "0"]]), { name: "f", content: "hello" })
]

const magics = [
  odd("no magic, and rubbish after the link's name", { name: "f", magic: "USTAR\x0000", prefix: "p" }),
  odd("the magic of POSIX and another version", { name: "f", magic: "ustar\x0099", prefix: "p" }),
  odd("a magic that is half POSIX's, half GNU's", { name: "f", magic: "ustar 00", prefix: "p" }),
  odd("a magic that is half GNU's, half POSIX's", { name: "f", magic: "ustar  0", prefix: "p" }),
  odd("times of GNU's in the prefix's place", { name: "f", magic: GNU, prefix: "12574544345 12574544345 " }),
  odd("a prefix that ends like a directory", { name: "f", prefix: "p/" }),
  odd("a prefix and no name", { name: "", prefix: "p" }),
  odd("a prefix and a name without their NULs", { name: "n".repeat(100), prefix: "p".repeat(155) }),
  odd("star's trailer and its times", {
    name: "f",
    prefix: "p".repeat(131),
    patch: all(set(476, octal(1) + octal(1)), set(508, "tar\0"))
  }),
  odd("star's trailer without its times", { name: "f", prefix: "p".repeat(140), patch: set(508, "tar\0") }),
  odd("a name that ends at a NUL", { name: "f\0g", content: "hello" }),
  odd("owners whose names are no UTF-8", { name: "f", patch: all(set(265, [0xff]), set(297, [0xe9])) })
]

const long = (name: string, type = "L"): Member => ({ name: "././@LongLink", type, magic: GNU, content: name })
const far = "n".repeat(300)
const headers = [
  odd("a long name without its NUL", long(far)),
  odd("two long names", long(`${far}1\0`), long(`${far}2\0`)),
  odd("a long name of nothing", long("")),
  odd("a long name of a negative length", { name: "x", type: "L", magic: GNU, patch: set(124, times(12, 0xff)) }),
  odd("a long name, then a record of another", long(`${far}\0`), named("p")),
  odd("a record of a name, then a long one", named("p"), long(`${far}\0`)),
  odd("a record of a size, then a long name", pax([["size", "5"]]), long("f\0"), { ...after, name: "x", size: 0 }),
  odd("a long target, then a long name", long("to\0", "K"), long("from\0"), { name: "s", type: "2", link: "t" }),
  odd("two extended headers", pax([["uname", "u"]]), named("p")),
  odd("Sun's extended header", pax([["path", "p"]], "X")),
  odd("an extended header of nothing", { name: "x", type: "x" }),
  odd("a key that is there twice", named("a", "b")),
  odd("a key whose last value is nothing", named("a", "")),
  odd("a value with an equals sign and a line in it", named("a=b\nc")),
  odd("a name that is no UTF-8", named(Uint8Array.of(0xff, 0xfe))),
  odd(
    "a name that says it is no UTF-8",
    pax([["hdrcharset", "BINARY"] as const, ["path", Uint8Array.of(0xff)] as const])
  ),
  odd("a name with a NUL", named("a\0b")),
  odd("an owner's name with a NUL", pax([["uname", "a\0b"]])),
  ...["9 path=xx", "0 path=x\n", " 10 path=x\n", "+10 path=x\n", "0010 path=\n", "5 =x\n", "10 path=x\n\0\0"].map(
    (content) => odd(`the extended header ${JSON.stringify(content)}`, { name: "x", type: "x", content })
  ),
  odd("a global time, then a file's own", pax([["mtime", "5"]], "g"), pax([["mtime", "6"]])),
  odd("a global time that is taken back", pax([["mtime", "5"]], "g"), pax([["mtime", ""]], "g")),
  odd("a global name", pax([["path", "p"]], "g")),
  odd("a global header of rubbish", { name: "g", type: "g", content: "rubbish" })
]

const file = tarball(after).subarray(0, 1024)
const zeros = (count: number) => new Uint8Array(count)
const ends: ReadonlyArray<Odd> = [
  ["nothing at all", zeros(0)],
  ["nothing but the end", endMarker],
  ["half an end", concat(file, zeros(512))],
  ["an end cut short", concat(file, zeros(600))],
  ["no end", file],
  ["no end and no padding", file.subarray(0, 517)],
  ["content cut short", file.subarray(0, 515)],
  ["a header cut short", concat(file, file.subarray(0, 100))],
  ["a zero block between files", concat(file, zeros(512), file, endMarker)],
  ["an end between files", concat(file, endMarker, file, endMarker)],
  ["a zero block first", concat(zeros(512), file, endMarker)],
  ["half an end and rubbish", concat(file, zeros(512), new Uint8Array(512).fill(0x67))],
  ["a size and little content", concat(header({ name: "f", size: 100_000 }), zeros(1000))],
  ["an extended header and no file", concat(file, member(named("p")), endMarker)],
  ["a long name and no file", concat(file, member(long(far)), endMarker)],
  ["a global header and no file", concat(file, member(pax([["mtime", "5"]], "g")), endMarker)]
]

const stored = "helloworld"
const holes = (...stretches: ReadonlyArray<readonly [at: number, length: number]>) =>
  all(
    ...stretches.map(([at, length], place) => set(386 + 24 * place, octal(at) + octal(length))),
    set(483, octal(2000))
  )
const oldSparse = (title: string, patch: (block: Uint8Array) => void, content = stored, magic = GNU) =>
  odd(`old GNU's sparse file ${title}`, { name: "s", type: "S", magic, content, patch })
const gnu = (...records: ReadonlyArray<readonly [string, string]>) =>
  pax(records.map(([key, value]) => [`GNU.sparse.${key}`, value] as const))
const sparse0 = (title: string, ...records: ReadonlyArray<readonly [string, string]>) =>
  odd(`PAX 0's sparse file ${title}`, gnu(["size", "2000"], ...records), { name: "s", content: stored })
const sparse1 = (title: string, map: string, minor = "0", name = "real") =>
  odd(`PAX 1's sparse file ${title}`, gnu(["major", "1"], ["minor", minor], ["name", name], ["realsize", "2000"]), {
    name: "s",
    content: map.padEnd(512, "\0") + stored
  })
const two = [
  ["offset", "0"],
  ["numbytes", "5"],
  ["offset", "1000"],
  ["numbytes", "5"]
] as const
const [first, second, third, fourth] = two

const sparse = [
  oldSparse("", holes([0, 5], [1000, 5])),
  oldSparse("with nothing at its end", holes([0, 10], [2000, 0])),
  oldSparse("of nothing but a hole", holes(), ""),
  oldSparse("whose stretches overlap", holes([0, 5], [3, 5])),
  oldSparse("whose stretches are out of order", holes([1000, 5], [0, 5])),
  oldSparse("that goes beyond its size", holes([0, 5], [1998, 5])),
  oldSparse("with more in its map than is stored", holes([0, 5], [1000, 10])),
  oldSparse("with less in its map than is stored", holes([0, 5])),
  oldSparse("in another's header", holes([0, 5], [1000, 5]), stored, "ustar\x0000"),
  sparse0(".0", ["numblocks", "2"], ...two),
  sparse0(".0 that says sizes first", ["numblocks", "2"], second, first, fourth, third),
  sparse0(".0 that says offsets first", ["numblocks", "2"], first, ["offset", "5"], second, fourth),
  sparse0(".0 with half a stretch", ["numblocks", "2"], first, second, third),
  sparse0(".0 with fewer stretches than it says", ["numblocks", "3"], ...two),
  sparse0(".0 with a list for an offset", ["numblocks", "2"], ["offset", "0,5"], second, third, fourth),
  sparse0(".1", ["numblocks", "2"], ["map", "0,5,1000,5"], ["name", "real"]),
  sparse0(".1 that says its version", ["major", "0"], ["minor", "1"], ["numblocks", "2"], ["map", "0,5,1000,5"]),
  sparse0(".1 with fewer stretches than it says", ["numblocks", "3"], ["map", "0,5,1000,5"]),
  sparse0(".1 with blanks in its map", ["numblocks", "2"], ["map", "0, 5,1000,5"]),
  sparse0(".1 with two sizes", ["numblocks", "2"], ["map", "0,5,1000,5"], ["realsize", "3000"]),
  sparse1("", "2\n0\n5\n1000\n5\n"),
  sparse1("of another minor version", "2\n0\n5\n1000\n5\n", "1"),
  sparse1("without a name", "2\n0\n5\n1000\n5\n", "0", ""),
  sparse1("with rubbish after its map", "2\n0\n5\n1000\n5\nrubbish"),
  sparse1("with a blank before its map", " 2\n0\n5\n1000\n5\n"),
  sparse1("with a negative map", "-2\n0\n5\n1000\n5\n"),
  sparse1("with a map that is not there", "3\n0\n5\n1000\n5\n")
]

export const oddities: ReadonlyArray<Odd> = [
  ...numbers,
  ...paxNumbers,
  ...checksums,
  ...types,
  ...contents,
  ...magics,
  ...headers,
  ...ends,
  ...sparse
]
