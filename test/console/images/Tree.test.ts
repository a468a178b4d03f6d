import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { compareNames } from "../../../src/console/images/compareNames.ts"
import type { Rows } from "../../../src/console/images/Tree.ts"
import { directory, entry, treeOf } from "./support/entry.ts"

const pathsOf = (rows: Rows) => Array.from({ length: rows.length }, (_, index) => rows.at(index)?.node.path)

describe("a tree", () => {
  it("shows folders first, then names, numbers in them by what they count", () => {
    const tree = treeOf(entry("/b-10"), entry("/b-9"), directory("/z"), entry("/a"), entry("/z/x"))
    expect(pathsOf(tree.rows(new Set()))).toEqual(["/z", "/a", "/b-9", "/b-10"])
    expect(pathsOf(tree.rows(new Set(["/z"])))).toEqual(["/z", "/z/x", "/a", "/b-9", "/b-10"])
  })

  it("takes in what comes after it was shown, and sorts again", () => {
    const tree = treeOf(entry("/a"), entry("/b"))
    expect(pathsOf(tree.rows(new Set()))).toEqual(["/a", "/b"])
    // What seemed to be a file has something below it.
    tree.insert(entry("/b/c"))
    expect(pathsOf(tree.rows(new Set()))).toEqual(["/b", "/a"])
    tree.insert(directory("/a"))
    expect(pathsOf(tree.rows(new Set()))).toEqual(["/a", "/b"])
    expect(tree.count).toBe(3)
  })

  it("has the later of two entries with one path, and counts them once", () => {
    const tree = treeOf(entry("/a", { size: 1 }), entry("/a", { size: 2 }))
    expect(tree.find("/a")?.entry?.size).toBe(2)
    expect(tree.count).toBe(1)
  })

  it("has what a layer deletes and hides", () => {
    const tree = treeOf(
      entry("/etc/motd", { whiteout: "file" }),
      directory("/srv"),
      entry("/srv", { whiteout: "opaque" }),
      entry("/", { whiteout: "opaque" })
    )
    expect(tree.find("/etc/motd")).toMatchObject({ deleted: true })
    expect(tree.find("/srv")).toMatchObject({ opaque: true, entry: { type: "dir" } })
    expect(tree.root.opaque).toBe(true)
  })

  it.each([0, 1])("has what a layer deletes and has again, in whichever order (%i)", (order) => {
    const both = [entry("/a", { whiteout: "file" }), entry("/a", { size: 5 })]
    const tree = treeOf(...(order === 0 ? both : both.toReversed()))
    expect(tree.find("/a")).toMatchObject({ deleted: false, opaque: true, entry: { size: 5 } })
    expect(tree.count).toBe(1)
  })

  it("follows links as far as they lead", () => {
    const tree = treeOf(
      directory("/usr"),
      directory("/usr/bin"),
      entry("/usr/bin/sh"),
      entry("/bin", { type: "symlink", link: "usr/bin" }),
      entry("/shell", { type: "symlink", link: "/bin/sh" }),
      entry("/again", { type: "hardlink", link: "/usr/bin/sh" }),
      entry("/nowhere", { type: "symlink", link: "none" }),
      entry("/round", { type: "symlink", link: "round" })
    )
    expect(tree.follow("/shell")?.path).toBe("/usr/bin/sh")
    expect(tree.follow("/again")?.path).toBe("/usr/bin/sh")
    expect(tree.follow("/nowhere")).toBeUndefined()
    expect(tree.follow("/round")).toBeUndefined()
  })

  it("has a path of 16,000 levels beside the others", () => {
    const [one, other] = ["/a", "/b"].map((letter) => letter.repeat(16_000))
    const tree = treeOf(entry("/etc/motd"), entry(`${one}/deep-1`), entry(`${other}/deep-2`), entry("/etc/passwd"))
    expect(pathsOf(tree.rows(new Set(["/etc"])))).toEqual(["/a", "/b", "/etc", "/etc/motd", "/etc/passwd"])
    const opened = tree.rows(new Set(tree.all().map(({ path }) => path)))
    expect(opened).toHaveLength(32_005)
    expect(opened.at(16_000)).toMatchObject({ node: { name: "deep-1" }, depth: 16_001, position: 1, among: 1 })
    expect(opened.at(16_001)).toMatchObject({ node: { path: "/b" }, depth: 1, position: 2, among: 3 })
    expect(pathsOf(tree.search("deep"))).toEqual([`${one}/deep-1`, `${other}/deep-2`])
    expect(pathsOf(tree.search("etc/"))).toEqual(["/etc/motd", "/etc/passwd"])
    expect(tree.follow(`${one}/deep-1`)?.name).toBe("deep-1")
    expect(tree.count).toBe(4)
  })

  const name = fc.stringMatching(/^[a-cA-CİK.]{1,4}$/u)
  const paths = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join("/")}`))
  test.prop([paths, name])("finds exactly the paths that have a text in them, whatever its case", (all, text) => {
    const tree = treeOf(...all.map((path) => entry(path)))
    const implied = all.flatMap((path) => [...path.matchAll(/\//gu)].map(({ index }) => path.slice(0, index)))
    const expected = new Set([...all, ...implied].filter((path) => path.toLowerCase().includes(text.toLowerCase())))
    const found = pathsOf(tree.search(text))
    expect(new Set(found)).toEqual(expected)
    expect(found).toHaveLength(expected.size)
  })
})

describe("the order of names", () => {
  const names = fc.array(fc.stringMatching(/^[ab0-3.]{0,6}$/u), { minLength: 3, maxLength: 12 })
  test.prop([
    names.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })))
  ])("is one, whatever the order they come in", ([some, shuffled]) => {
    expect(some.toSorted(compareNames)).toEqual(shuffled.toSorted(compareNames))
  })
  test.prop([fc.nat(), fc.nat()])("has numbers by what they count", (one, other) => {
    expect(Math.sign(compareNames(`v${one}.txt`, `v${other}.txt`))).toBe(Math.sign(one - other))
  })
})
