import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import type { Entry } from "../../../src/domain/image/Entry.ts"
import { MergedTree } from "../../../src/domain/image/MergedTree.ts"
import { components } from "../../../src/domain/image/path.ts"
import { entry } from "./support/entry.ts"
import { stackedFiles } from "./support/stackedFiles.ts"

const name = fc.constantFrom("a", "b", "c")
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join("/")}`)
const kind = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Partial<Entry>>({ type: "file" }, { type: "dir" }, { type: "symlink" }) },
  { weight: 1, arbitrary: fc.constantFrom<Partial<Entry>>({ whiteout: "file" }, { whiteout: "opaque" }) }
)
const layers = fc
  .array(fc.array(fc.tuple(path, kind), { maxLength: 6 }), { maxLength: 5 })
  .map((all) => all.map((one, layer) => one.map(([at, what], size) => entry(at, { ...what, layer, size }))))

/** Without layers that have one path as a directory and again as something else: what was shown cannot be taken back. */
const consistent = layers.map((all) =>
  all.map((layer) =>
    layer.filter((one) => {
      const first = layer.find((other) => other.path === one.path && other.whiteout === undefined)
      return one.whiteout !== undefined || (first?.type === "dir") === (one.type === "dir")
    })
  )
)

/** Enters layers from the top; what was shown, the last of a path. */
const merge = (all: ReadonlyArray<ReadonlyArray<Entry>>) => {
  const tree = new MergedTree()
  const shown = new Map<string, Entry>()
  for (const one of all.toReversed()) {
    for (const each of one) if (tree.enter(each)) shown.set(each.path, each)
  }
  return { tree, shown }
}

/** Whether an entry takes a path away from the layers below its own. */
const deletes = (one: Entry, at: string) =>
  (one.whiteout === "file" && one.path === at) || (one.whiteout !== undefined && at.startsWith(`${one.path}/`))

/** Whether it is no directory, and stands where the path needs one. */
const covers = (one: Entry, at: string) =>
  one.whiteout === undefined && one.type !== "dir" && at.startsWith(`${one.path}/`)

const sorted = (files: ReadonlyMap<string, Entry>) =>
  [...files.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1))

describe("MergedTree", () => {
  test.prop([consistent], { numRuns: 2000 })("shows what unpacking the layers in turn leaves", (all) => {
    expect(sorted(merge(all).shown)).toEqual(sorted(stackedFiles(all)))
  })

  test.prop([layers, path], { numRuns: 2000 })("looks up what unpacking the layers in turn leaves", (all, at) => {
    const files = stackedFiles(all)
    const known = merge(all).tree.lookup(at)
    const expected = files.get(at)
    if (expected !== undefined) {
      expect(known).toEqual({
        _tag: "Seen",
        sighting: { layer: expected.layer, type: expected.type, size: expected.size }
      })
    } else if ([...files.keys()].some((each) => each.startsWith(`${at}/`))) {
      expect(known).toEqual({ _tag: "Directory" })
    } else {
      expect(known._tag).not.toBe("Seen")
    }
  })

  test.prop([layers, path], { numRuns: 2000 })("names a layer that really deletes what it calls deleted", (all, at) => {
    const known = merge(all).tree.lookup(at)
    if (known._tag !== "Hidden" || !known.deleted) return
    expect(all[known.layer]?.some((one) => deletes(one, at))).toBe(true)
  })

  test.prop([layers, path], { numRuns: 2000 })("names the topmost layer that hides what is not there", (all, at) => {
    const known = merge(all).tree.lookup(at)
    if (known._tag === "Seen" || known._tag === "Directory") return
    const top = all.findLastIndex((layer) => layer.some((one) => deletes(one, at) || covers(one, at)))
    const deleted = all[top]?.some((one) => deletes(one, at))
    expect(known).toEqual(top === -1 ? { _tag: "Unknown" } : { _tag: "Hidden", layer: top, deleted })
  })

  test.prop([layers])("remembers each path that is mentioned, and each on the way to it, once", (all) => {
    const mentioned = all
      .flat()
      .flatMap(({ path: at }) => components(at).map((_, end, names) => names.slice(0, end + 1).join("/")))
    expect(merge(all).tree.size).toBe(new Set(mentioned).size)
  })

  test.prop([layers, fc.integer()])("does not mind where in its layer a whiteout stands", (all, seed) => {
    const shuffled = all.map((layer) => {
      const whiteouts = layer.filter((one) => one.whiteout !== undefined)
      const files = layer.filter((one) => one.whiteout === undefined)
      return seed % 2 === 0 ? [...whiteouts, ...files] : [...files, ...whiteouts]
    })
    expect(sorted(merge(shuffled).shown)).toEqual(sorted(merge(all).shown))
  })

  it("shows a file that its own layer whites out, and hides the one below", () => {
    const upper = entry("/a", { layer: 1 })
    const whiteout = entry("/a", { layer: 1, whiteout: "file" })
    expect([...merge([[entry("/a")], [whiteout, upper]]).shown.values()]).toEqual([upper])
  })

  it("hides what was in a directory that became a file", () => {
    expect([...merge([[entry("/d/x")], [entry("/d", { layer: 1 })]]).shown.keys()]).toEqual(["/d"])
  })

  it("empties the whole image with an opaque root", () => {
    expect(merge([[entry("/a"), entry("/b/c")], [entry("/", { layer: 1, whiteout: "opaque" })]]).shown.size).toBe(0)
  })

  it("answers the same whatever was looked up before", () => {
    const tree = new MergedTree()
    tree.enter(entry("/a/b"))
    tree.enter(entry("/x"))
    const answers = [
      ["/", "Directory"],
      ["/a", "Directory"],
      ["/a/b", "Seen"],
      ["/a/c", "Unknown"],
      ["/x", "Seen"]
    ] as const
    for (const [before] of answers) {
      for (const [at, answer] of answers) {
        tree.lookup(before)
        expect(tree.lookup(at)._tag, `${at} after ${before}`).toBe(answer)
      }
    }
  })

  describe("hard links", () => {
    it("mean the file of their own layer first", () => {
      const tree = new MergedTree()
      tree.enter(entry("/f", { layer: 2, size: 9 }))
      tree.enter(entry("/f", { layer: 1, size: 5 }))
      tree.enter(entry("/h", { layer: 1, type: "hardlink", link: "/f" }))
      expect(tree.linked("/f", 1)).toEqual({ layer: 1, type: "file", size: 5 })
      expect(tree.linked("/h", 1)).toEqual({ layer: 1, type: "file", size: 5 })
    })

    it("lead on to the layers below when their own does not have the file", () => {
      const tree = new MergedTree()
      tree.enter(entry("/h", { layer: 1, type: "hardlink", link: "/g" }))
      tree.enter(entry("/g", { layer: 1, type: "hardlink", link: "/f" }))
      expect(tree.linked("/h", 1)).toBe("/f")
    })

    it("that name nothing, or a file of no link, lead no further", () => {
      const tree = new MergedTree()
      tree.enter(entry("/bare", { type: "hardlink" }))
      tree.enter(entry("/s", { type: "symlink", link: "/bare" }))
      expect(tree.linked("/bare", 0)).toEqual({ layer: 0, type: "hardlink", size: 0 })
      expect(tree.linked("/s", 0)).toEqual({ layer: 0, type: "symlink", size: 0, link: "/bare" })
      expect(tree.linked("/none/at/all", 0)).toBe("/none/at/all")
    })

    it("may be forty in a row and no more", () => {
      const tree = new MergedTree()
      for (let hop = 0; hop < 41; hop++) tree.enter(entry(`/${hop}`, { type: "hardlink", link: `/${hop + 1}` }))
      tree.enter(entry("/41", { size: 7 }))
      expect(tree.linked("/2", 0)).toEqual({ layer: 0, type: "file", size: 7 })
      expect(tree.linked("/1", 0)).toBeUndefined()
    })

    it("in a circle mean nothing", () => {
      const tree = new MergedTree()
      tree.enter(entry("/a", { type: "hardlink", link: "/b" }))
      tree.enter(entry("/b", { type: "hardlink", link: "/a" }))
      expect(tree.linked("/a", 0)).toBeUndefined()
    })
  })
})
