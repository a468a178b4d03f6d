import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { contentType } from "../../../src/domain/image/contentType.ts"
import { bytesOf } from "./support/tarball.ts"

describe("the type of a file's content", () => {
  it.each([
    ["/etc/passwd", "root:x:0:0\n", "text/plain; charset=utf-8"],
    ["/empty", "", "text/plain; charset=utf-8"],
    ["/a.json", "{}", "application/json"],
    ["/a.JSON", "{}", "application/json"],
    ["/page.html", "<p>", "text/html; charset=utf-8"],
    ["/bin/sh", "\x7fELF\x02", "application/x-elf"],
    ["/a.txt.gz", Uint8Array.of(0x1f, 0x8b, 8), "application/gzip"],
    ["/page.html", Uint8Array.of(0, 1, 2), "application/octet-stream"],
    ["/face.woff2", Uint8Array.of(0, 1, 2), "font/woff2"],
    ["/blob", Uint8Array.of(0xff, 0xfe), "application/octet-stream"],
    ["/x.constructor", Uint8Array.of(0), "application/octet-stream"]
  ])("%s", (path, content, type) => {
    expect(contentType(path, bytesOf(content))).toBe(type)
  })

  it("is not mistaken where a character is cut at the end of what is looked at", () => {
    expect(contentType("/x", bytesOf(`a${"é".repeat(600)}`))).toBe("text/plain; charset=utf-8")
  })

  test.prop([fc.string(), fc.uint8Array()])("is always one that a header can carry", (name, bytes) => {
    expect(contentType(`/${name}`, bytes)).toMatch(/^[a-z]+\/[a-z0-9.+-]+(?:; charset=utf-8)?$/u)
  })
})
