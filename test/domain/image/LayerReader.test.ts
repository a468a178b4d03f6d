import { describe, expect, it } from "vitest"
import { LayerReader } from "../../../src/domain/image/LayerReader.ts"
import { limits } from "./support/readAll.ts"
import { bytesOf, type Member, tarball } from "./support/tarball.ts"

const reading = (...members: ReadonlyArray<Member>) => {
  const reader = new LayerReader(7, limits)
  reader.push(tarball(...members))
  return reader
}

describe("a layer's reader", () => {
  it("tells what entries mean in the layer, and leaves out what is nobody's file", () => {
    const reader = reading({ name: ".wh..wh.aufs" }, { name: "f" }, { name: "d/.wh.x" })
    expect(reader.next()).toMatchObject({ _tag: "Entry", entry: { path: "/f", layer: 7 } })
    expect(reader.next()).toMatchObject({ _tag: "Entry", entry: { path: "/d/x", layer: 7, whiteout: "file" } })
    expect(reader.next()).toEqual({ _tag: "End" })
  })

  it("gives the content of what it is asked for, and passes over the rest", () => {
    const reader = reading({ name: "a", content: "one" }, { name: "b", content: "two" })
    expect(reader.next()).toMatchObject({ entry: { path: "/a" } })
    expect(reader.next()).toMatchObject({ entry: { path: "/b" } })
    reader.wantContent()
    expect(reader.next()).toEqual({ _tag: "Data", bytes: bytesOf("two") })
    expect(reader.next()).toEqual({ _tag: "ContentEnd" })
    expect(reader.next()).toEqual({ _tag: "End" })
  })

  it("waits for more of an archive, until it is told that there is none", () => {
    const reader = new LayerReader(0, limits)
    reader.push(tarball({ name: "f" }).subarray(0, 500))
    expect(reader.next()).toEqual({ _tag: "More" })
    reader.end()
    expect(reader.next()).toMatchObject({ _tag: "Failed", error: { _tag: "LayerCorrupt" } })
  })

  it("goes no further than what is broken", () => {
    const reader = reading({ name: "d/.wh.." }, { name: "f" })
    const broken = reader.next()
    expect(broken).toMatchObject({ _tag: "Failed", error: { _tag: "LayerCorrupt" } })
    expect(reader.next()).toBe(broken)
  })
})
