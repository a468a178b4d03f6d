import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { lsLine } from "../../../src/domain/image/lsLine.ts"
import { decodeName } from "../../../src/domain/image/name.ts"
import { timestamp } from "../../../src/domain/image/timestamp.ts"
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

  test.prop([fc.uint8Array({ maxLength: 30 }).map(decodeName)])("prints one harmless line for any name", (name) => {
    expect(lsLine(entry(`/${name}`, { uname: name, link: name }))).toMatch(/^[^\p{Cc}\p{Cs}]+$/u)
  })

  it("stops at the calendar's edges", () => {
    expect(timestamp(-1e15)).toBe("0000-01-01T00:00:00.000Z")
    expect(timestamp(1e15)).toBe("9999-12-31T23:59:59.999Z")
    expect(timestamp(-0.5)).toBe("1969-12-31T23:59:59.500Z")
  })

  const day = fc.date({ min: new Date(-62_167_219_200_000), max: new Date(253_402_300_799_999), noInvalidDate: true })
  test.prop([fc.array(day, { minLength: 1 })])("prints the times that the language's own dates do", (dates) => {
    for (const seconds of dates.map((date) => date.getTime() / 1000)) {
      expect(timestamp(seconds)).toBe(new Date(Math.floor(seconds * 1000)).toISOString())
    }
  })

  test.prop([fc.double({ noNaN: true })])("has a time to print for any number", (seconds) => {
    expect(timestamp(seconds)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u)
  })
})
