import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { lsLine } from "../../../src/domain/image/lsLine.ts"
import { decodeName } from "../../../src/domain/image/name.ts"
import { entry } from "./support/entry.ts"

describe("ls -la", () => {
  it.each([
    [
      entry("/etc/passwd", { size: 922, uname: "root", gname: "root" }),
      "-rw-r--r-- 1 root     root            922 1970-01-01 00:00 /etc/passwd"
    ],
    [
      entry("/bin", { type: "symlink", link: "usr/bin", mode: 0o777 }),
      "lrwxrwxrwx 1 0        0                 0 1970-01-01 00:00 /bin -> usr/bin"
    ],
    [
      entry("/tmp", { type: "dir", mode: 0o1777, mtime: 1_700_000_000 }),
      "drwxrwxrwt 1 0        0                 0 2023-11-14 22:13 /tmp"
    ],
    [
      entry("/dev/null", { type: "char", mode: 0o666, device: { major: 1, minor: 3 } }),
      "crw-rw-rw- 1 0        0              1, 3 1970-01-01 00:00 /dev/null"
    ],
    [
      entry("/su", { mode: 0o6644, type: "hardlink", link: "/sudo" }),
      "-rwSr-Sr-- 1 0        0                 0 1970-01-01 00:00 /su link to /sudo"
    ],
    [
      entry("/dev/sda", { type: "block", mode: 0o660, device: { major: 8, minor: 0 } }),
      "brw-rw---- 1 0        0              8, 0 1970-01-01 00:00 /dev/sda"
    ],
    [entry("/run/pipe", { type: "fifo" }), "prw-r--r-- 1 0        0                 0 1970-01-01 00:00 /run/pipe"],
    [entry("/u", { uid: 1000, gid: 100 }), "-rw-r--r-- 1 1000     100               0 1970-01-01 00:00 /u"],
    [
      entry("/a b\r\t", { uname: "a\nb", link: "x\ty", type: "symlink" }),
      "lrw-r--r-- 1 a\\nb     0                 0 1970-01-01 00:00 /a b\\r\\t -> x\\ty"
    ],
    [entry("/none", { mode: 0 }), "---------- 1 0        0                 0 1970-01-01 00:00 /none"],
    [entry("/all", { mode: 0o7777 }), "-rwsrwsrwt 1 0        0                 0 1970-01-01 00:00 /all"],
    [entry("/only", { mode: 0o7000 }), "---S--S--T 1 0        0                 0 1970-01-01 00:00 /only"],
    [
      entry("/d", { type: "dir", whiteout: "opaque" }),
      "drw-r--r-- 1 0        0                 0 1970-01-01 00:00 /d (opaque)"
    ],
    [entry("/x", { mode: 0o4755 }), "-rwsr-xr-x 1 0        0                 0 1970-01-01 00:00 /x"],
    [
      entry("/gone", { whiteout: "file" }),
      "-rw-r--r-- 1 0        0                 0 1970-01-01 00:00 /gone (deleted)"
    ],
    [
      entry("/a\nb\x1b[2J\\\udcff\u202e"),
      "-rw-r--r-- 1 0        0                 0 1970-01-01 00:00 /a\\nb\\033[2J\\\\\\377\\342\\200\\256"
    ]
  ])("prints %o", (one, line) => {
    expect(lsLine(one)).toBe(line)
  })

  test.prop([fc.integer({ min: 0, max: 0o777 })])("prints who may read, write and execute", (mode) => {
    const printed = Array.from("rwxrwxrwx", (letter, at) => ((mode >> (8 - at)) & 1 ? letter : "-")).join("")
    expect(lsLine(entry("/a", { mode })).slice(0, 10)).toBe(`-${printed}`)
  })

  it("paints a path alone, and what was escaped", () => {
    const link = entry("/a\n", { type: "symlink", link: "b" })
    expect(lsLine(link, (name) => `<${name}>`)).toMatch(/ 00:00 <\/a\\n> -> b$/u)
  })

  test.prop([fc.uint8Array({ maxLength: 30 }).map(decodeName)])("prints one harmless line for any name", (name) => {
    expect(lsLine(entry(`/${name}`, { uname: name, link: name }))).toMatch(/^[^\p{Cc}\p{Cs}]+$/u)
  })
})
