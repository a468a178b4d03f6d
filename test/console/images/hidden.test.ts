import { expect, it } from "vitest"
import { withHidden } from "../../../src/console/images/hidden.ts"
import { directory, entry, treeOf } from "./support/entry.ts"

const deleted = (path: string, layer: number) => entry(path, { layer, whiteout: "file" })
const opaque = (path: string, layer: number) => entry(path, { type: "dir", layer, whiteout: "opaque" })

it("a file that a later layer deletes is there as a deleted one, with the layer that has it and the one that deletes it", () => {
  const { tree, fates } = withHidden(treeOf(directory("/etc")), [
    treeOf(directory("/etc"), entry("/etc/key", { size: 7 })),
    treeOf(entry("/etc/key", { size: 8, layer: 1 })),
    treeOf(directory("/etc")),
    treeOf(deleted("/etc/key", 3))
  ])
  expect(tree.find("/etc/key")).toMatchObject({ deleted: true, entry: { size: 8 } })
  expect(fates.get("/etc/key")).toEqual({ layer: 1, by: 3 })
  expect(tree.find("/etc")).toMatchObject({ deleted: false })
})

it.each([
  ["a deleted directory above it", deleted("/srv", 1)],
  ["an opaque directory above it", opaque("/srv", 1)],
  ["an opaque root", opaque("/", 1)],
  ["a file in the place of a directory above it", entry("/srv", { layer: 1 })],
  ["a directory made anew", opaque("/srv/www", 1)]
])("%s hides a file", (_, by) => {
  const { fates } = withHidden(treeOf(), [treeOf(entry("/srv/www/index")), treeOf(by)])
  expect(fates.get("/srv/www/index")).toEqual({ layer: 0, by: 1 })
})

it("a file in the place of another says which layer's it overrides, the uppermost below it", () => {
  const now = entry("/etc/motd", { layer: 2 })
  const { overridden, fates } = withHidden(treeOf(now, entry("/etc/hosts")), [
    treeOf(directory("/etc"), entry("/etc/motd"), entry("/etc/hosts")),
    treeOf(entry("/etc/motd", { layer: 1 })),
    treeOf(directory("/etc"), now)
  ])
  expect([...overridden]).toEqual([["/etc/motd", 1]])
  expect(fates.size).toBe(0)
})

it("what is neither deleted nor there is left out: somebody else listed another image", () => {
  const { tree, fates } = withHidden(treeOf(), [treeOf(entry("/a"))])
  expect(tree.count).toBe(0)
  expect(fates.size).toBe(0)
})
