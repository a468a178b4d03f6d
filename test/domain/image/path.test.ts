import { fc, test } from "@fast-check/vitest"
import { posix } from "node:path"
import { describe, expect, it } from "vitest"
import { basename, components, isWithin, join, normalise, parent } from "../../../src/domain/image/path.ts"

const name = fc
  .array(fc.oneof(fc.constantFrom("/", "//", ".", "..", "a", "b.c", "...", ".a"), fc.string({ maxLength: 3 })))
  .map((parts) => parts.join(""))

describe("paths", () => {
  test.prop([name], { numRuns: 1000 })("are normalised as POSIX says, below the root", (given) => {
    expect(normalise(given)).toBe(posix.resolve("/", given.replace(/^\/+/u, "")))
  })

  test.prop([name])("are normalised once and for all", (given) => {
    expect(normalise(normalise(given))).toBe(normalise(given))
  })

  test.prop([name])("are their components, joined", (given) => {
    const path = normalise(given)
    expect(components(path).reduce(join, "/")).toBe(path)
    if (path !== "/") expect(join(parent(path), basename(path))).toBe(path)
  })

  it("lie within a directory only whole component by whole component", () => {
    expect(isWithin("/etc/passwd", "/etc")).toBe(true)
    expect(isWithin("/etc", "/etc")).toBe(true)
    expect(isWithin("/etcetera", "/etc")).toBe(false)
    expect(isWithin("/etc", "/etc/passwd")).toBe(false)
    expect(isWithin("/anything", "/")).toBe(true)
  })
})
