import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { contentType } from "../../../src/domain/image/contentType.ts"
import { bytesOf } from "./support/tarball.ts"

const TEXT = "text/plain; charset=utf-8"
const OCTETS = "application/octet-stream"

/** Bytes that no text has: what a terminal would obey, but for what moves on and what begins a colour. */
const isControl = (byte: number) =>
  (byte < 0x20 && !"\t\n\v\f\r\x1b".includes(String.fromCharCode(byte))) || byte === 0x7f

describe("the type of a file's content", () => {
  it.each([
    ["/etc/passwd", "root:x:0:0\n", TEXT],
    ["/empty", "", TEXT],
    ["/a.json", "{}", "application/json"],
    ["/a.JSON", "{}", "application/json"],
    ["/page.html", "<p>", "text/html; charset=utf-8"],
    ["/page.html", Uint8Array.of(0, 1, 2), OCTETS],
    ["/page.html/x", "<p>", TEXT],
    ["/a.html~", "<p>", TEXT],
    ["/face.woff2", Uint8Array.of(0, 1, 2), "font/woff2"],
    ["/blob", Uint8Array.of(0xff, 0xfe), OCTETS],
    ["/x.constructor", Uint8Array.of(0), OCTETS]
  ])("%s", (path, content, type) => {
    expect(contentType(path, bytesOf(content))).toBe(type)
  })

  it.each([
    ["css", "text/css"],
    ["csv", "text/csv"],
    ["htm html", "text/html"],
    ["js mjs", "text/javascript"],
    ["md", "text/markdown"]
  ])("of a name that ends in %s is text, where it is", (extensions, type) => {
    for (const extension of extensions.split(" ")) {
      expect(contentType(`/a.${extension}`, bytesOf("a"))).toBe(`${type}; charset=utf-8`)
      expect(contentType(`/a.${extension}`, Uint8Array.of(0))).toBe(OCTETS)
    }
  })

  it.each([
    ["gif", "image/gif"],
    ["jpg jpeg", "image/jpeg"],
    ["json", "application/json"],
    ["pdf", "application/pdf"],
    ["png", "image/png"],
    ["svg", "image/svg+xml"],
    ["tar", "application/x-tar"],
    ["wasm", "application/wasm"],
    ["webp", "image/webp"],
    ["woff2", "font/woff2"],
    ["xml", "application/xml"],
    ["yaml yml", "application/yaml"],
    ["zip", "application/zip"]
  ])("of a name that ends in %s is what that says, text or not", (extensions, type) => {
    for (const extension of extensions.split(" ")) {
      expect(contentType(`/a.${extension}`, bytesOf("a"))).toBe(type)
      expect(contentType(`/a.${extension}`, Uint8Array.of(0))).toBe(type)
    }
  })

  // As each format's own specification writes them.
  it.each([
    ["7f 45 4c 46", "application/x-elf"],
    ["89 50 4e 47 0d 0a 1a 0a", "image/png"],
    ["47 49 46 38", "image/gif"],
    ["ff d8 ff", "image/jpeg"],
    ["25 50 44 46 2d", "application/pdf"],
    ["1f 8b", "application/gzip"],
    ["28 b5 2f fd", "application/zstd"],
    ["fd 37 7a 58 5a 00", "application/x-xz"],
    ["42 5a 68", "application/x-bzip2"],
    ["50 4b 03 04", "application/zip"],
    ["00 61 73 6d", "application/wasm"],
    ["53 51 4c 69 74 65 20 66 6f 72 6d 61 74 20 33 00", "application/vnd.sqlite3"]
  ])("that begins with %s is told by that, whatever its name", (magic, type) => {
    const bytes = Uint8Array.from(magic.split(" "), (digits) => Number.parseInt(digits, 16))
    expect(contentType("/a.html", Uint8Array.of(...bytes, 1))).toBe(type)
    expect(contentType("/a", bytes)).toBe(type)
    expect(contentType("/a", bytes.subarray(0, -1))).not.toBe(type)
    expect(contentType("/a", Uint8Array.of(0x20, ...bytes))).not.toBe(type)
  })

  test.prop([fc.nat(1023)], { numRuns: 20 })("is no text's with a control character in it", (at) => {
    const bytes = new Uint8Array(1024).fill(0x61)
    for (let byte = 0; byte < 0x80; byte++) {
      bytes[at] = byte
      expect(contentType("/a", bytes), `${byte}`).toBe(isControl(byte) ? OCTETS : TEXT)
    }
  })

  test.prop([fc.integer({ min: 1, max: 5 }), fc.constantFrom("é", "€", "😀")])(
    "is not mistaken where a character is cut at the end of what is looked at",
    (before, character) => {
      const text = bytesOf(`${"a".repeat(before)}${character.repeat(600)}`)
      expect(contentType("/a", text)).toBe(TEXT)
    }
  )

  it("is no text's whose last character is cut", () => {
    expect(contentType("/a", bytesOf("a€").subarray(0, -1))).toBe(OCTETS)
    expect(contentType("/a", bytesOf(`${"a".repeat(1021)}€`))).toBe(TEXT)
    expect(contentType("/a", bytesOf(`${"a".repeat(1022)}€`).subarray(0, 1024))).toBe(OCTETS)
    expect(contentType("/a", bytesOf(`${"a".repeat(1022)}€`))).toBe(TEXT)
  })

  it("is told by what comes first alone", () => {
    const bytes = new Uint8Array(1025).fill(0x61)
    bytes[1024] = 0
    expect(contentType("/a", bytes)).toBe(TEXT)
  })

  test.prop([fc.string(), fc.uint8Array()])("is always one that a header can carry", (name, bytes) => {
    expect(contentType(`/${name}`, bytes)).toMatch(/^[a-z]+\/[a-z0-9.+-]+(?:; charset=utf-8)?$/u)
  })
})
