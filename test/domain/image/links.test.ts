import { fc, test } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { resolve } from "../../../src/domain/image/links.ts"
import type { Known } from "../../../src/domain/image/MergedTree.ts"

/** A file system in which "" is a regular file and anything else a link's target; what has children is a directory. */
type Files = Readonly<Record<string, string>>

const isDirectory = (files: Files, path: string) =>
  path === "/" || Object.keys(files).some((each) => each.startsWith(`${path}/`))

const lookupIn =
  (files: Files) =>
  (path: string): Known => {
    const target = files[path]
    if (isDirectory(files, path)) return { _tag: "Directory" }
    if (target === undefined) return { _tag: "Unknown" }
    return target === ""
      ? { _tag: "Seen", sighting: { layer: 0, type: "file", size: 0 } }
      : { _tag: "Seen", sighting: { layer: 0, type: "symlink", size: 0, link: target } }
  }

/** realpath(3), by substitution: replaces the first link in a path by its target until there is none. */
const realpath = (files: Files, path: string): string | undefined => {
  let rest = path
  for (let turn = 0; turn <= 40; turn++) {
    const walked: Array<string> = []
    let substituted: string | undefined
    const names = rest.split("/").filter((name) => name !== "")
    for (const [at, name] of names.entries()) {
      if (name === ".") continue
      if (name === "..") {
        walked.pop()
        continue
      }
      const here = `/${[...walked, name].join("/")}`
      const target = isDirectory(files, here) ? undefined : files[here]
      if (target) {
        const tail = names.slice(at + 1).join("/")
        substituted = `${target.startsWith("/") ? "" : `/${walked.join("/")}/`}${target}/${tail}`
        break
      }
      if (target === undefined && !isDirectory(files, here)) return undefined
      if (target === "" && at < names.length - 1) return undefined
      walked.push(name)
    }
    if (substituted === undefined) return `/${walked.join("/")}`
    rest = substituted
  }
  return undefined
}

const name = fc.constantFrom("a", "b", "c")
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join("/")}`)
const target = fc
  .tuple(fc.constantFrom("", "/"), fc.array(fc.constantFrom("a", "b", "c", "..", "."), { minLength: 1, maxLength: 4 }))
  .map(([root, names]) => root + names.join("/"))
const files = fc.dictionary(path, fc.oneof(fc.constant(""), target), { maxKeys: 8 })

describe("links", () => {
  test.prop([files, path], { numRuns: 3000 })("lead where realpath says", (all, start) => {
    const found = resolve(lookupIn(all), start)
    const reached = found._tag === "Found" || found._tag === "Directory" ? found.path : undefined
    expect(reached).toBe(realpath(all, start))
  })

  const at = (all: Files, start: string) => resolve(lookupIn(all), start)

  it("make /bin/sh work where /bin is a link", () => {
    const image = { "/bin": "usr/bin", "/usr/bin/sh": "dash", "/usr/bin/dash": "" }
    expect(at(image, "/bin/sh")).toMatchObject({ _tag: "Found", path: "/usr/bin/dash" })
  })

  it("cannot leave the image", () => {
    expect(at({ "/a": "../../../b", "/b": "" }, "/a")).toMatchObject({ _tag: "Found", path: "/b" })
    expect(at({ "/d/a": "/../b", "/b": "" }, "/d/../../d/a")).toMatchObject({ _tag: "Found", path: "/b" })
  })

  it("may be forty in a row and no more", () => {
    const chain = (length: number): Files => ({
      ...Object.fromEntries(Array.from({ length }, (_, hop) => [`/${hop}`, `/${hop + 1}`])),
      [`/${length}`]: ""
    })
    expect(at(chain(40), "/0")._tag).toBe("Found")
    expect(at(chain(41), "/0")._tag).toBe("Loop")
    expect(at({ "/a": "b", "/b": "a" }, "/a")._tag).toBe("Loop")
  })

  it("that name nothing stand for the directory they are in", () => {
    const bare: Known = { _tag: "Seen", sighting: { layer: 0, type: "symlink", size: 0 } }
    const empty: Known = { _tag: "Seen", sighting: { layer: 0, type: "symlink", size: 0, link: "" } }
    for (const known of [bare, empty]) {
      const lookup = (each: string): Known => (each === "/d/l" ? known : { _tag: "Directory" })
      expect(resolve(lookup, "/d/l")).toEqual({ _tag: "Directory", path: "/d" })
    }
  })

  it("are not followed for ever by a path of too many components", () => {
    expect(at({}, "/.".repeat(1023))._tag).toBe("Directory")
    expect(at({}, "/.".repeat(1024))._tag).toBe("Loop")
    expect(at({ "/a": "./".repeat(1024) }, "/a")._tag).toBe("Loop")
  })

  it("that lead nowhere say so", () => {
    expect(at({ "/a": "gone" }, "/a")).toEqual({ _tag: "Unknown", path: "/gone", viaLink: true })
    expect(at({}, "/a")).toEqual({ _tag: "Unknown", path: "/a", viaLink: false })
  })

  describe("do not go through files", () => {
    /** A file at /f, of which a layer above says that what was below it is gone. */
    const lookup = (each: string): Known => {
      if (each === "/f") return { _tag: "Seen", sighting: { layer: 1, type: "file", size: 0 } }
      if (each === "/l") return { _tag: "Seen", sighting: { layer: 1, type: "symlink", size: 0, link: "f" } }
      return each === "/f/x/y" ? { _tag: "Hidden", layer: 2, deleted: true } : { _tag: "Unknown" }
    }

    it("but a directory may have been where the file is", () => {
      const gone = { _tag: "Hidden", path: "/f/x/y", layer: 2, deleted: true }
      expect(resolve(lookup, "/f/x//y/")).toEqual({ ...gone, viaLink: false })
      expect(resolve(lookup, "/l/x/y")).toEqual({ ...gone, viaLink: true })
    })

    it.each(["/f/x", "/f/.", "/f/..", "/f/./x/y", "/f/x/../x/y"])("which is no directory now: %s", (start) => {
      expect(resolve(lookup, start)).toEqual({ _tag: "NotADirectory", path: "/f", viaLink: false })
      expect(resolve(lookup, start.replace("f", "l"))).toEqual({ _tag: "NotADirectory", path: "/f", viaLink: true })
    })

    it("whose name may end in a slash", () => {
      expect(resolve(lookup, "/f//")).toMatchObject({ _tag: "Found", path: "/f" })
    })
  })

  it("lead to what is hidden as well, and say so", () => {
    const hidden: Known = { _tag: "Hidden", layer: 3, deleted: false }
    const lookup = (each: string): Known =>
      each === "/l" ? { _tag: "Seen", sighting: { layer: 0, type: "symlink", size: 0, link: "/x/y" } } : hidden
    expect(resolve(lookup, "/l/z")).toEqual({ _tag: "Hidden", path: "/x", viaLink: true, layer: 3, deleted: false })
    expect(resolve(lookup, "/x")).toEqual({ _tag: "Hidden", path: "/x", viaLink: false, layer: 3, deleted: false })
  })

  it("lead on from where they are, whatever is a directory by being listed as one", () => {
    const listed: Known = { _tag: "Seen", sighting: { layer: 0, type: "dir", size: 0 } }
    const lookup = (each: string): Known => (each.startsWith("/d") ? listed : { _tag: "Unknown" })
    expect(resolve(lookup, "/d/e/..")).toEqual({ _tag: "Directory", path: "/d" })
  })
})
