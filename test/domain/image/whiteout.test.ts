import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { asEntry } from "../../../src/domain/image/whiteout.ts"
import { entry } from "./support/entry.ts"

const { layer: _, ...plain } = entry("/")
const read = (path: string) => asEntry({ ...plain, path }, 3)
const meaning = (path: string) => {
  const result = read(path)
  return Result.isSuccess(result) && result.success !== undefined
    ? { path: result.success.path, whiteout: result.success.whiteout, layer: result.success.layer }
    : result
}

describe("whiteouts", () => {
  it("hide the file they are named after", () => {
    expect(meaning("/etc/.wh.motd")).toEqual({ path: "/etc/motd", whiteout: "file", layer: 3 })
    expect(meaning("/.wh.motd")).toEqual({ path: "/motd", whiteout: "file", layer: 3 })
    expect(meaning("/.wh..hidden")).toEqual({ path: "/.hidden", whiteout: "file", layer: 3 })
  })

  it("that are opaque hide what is in their directory", () => {
    expect(meaning("/etc/.wh..wh..opq")).toEqual({ path: "/etc", whiteout: "opaque", layer: 3 })
    expect(meaning("/.wh..wh..opq")).toEqual({ path: "/", whiteout: "opaque", layer: 3 })
  })

  it.each(["/a/.wh.", "/.wh.", "/.wh..", "/a/.wh..."])("that hide nothing are an error: %s", (path) => {
    const result = read(path)
    expect(Result.isFailure(result) && result.failure.reason).toBe(
      `a whiteout hides nothing: "${path.slice(path.lastIndexOf("/") + 1)}"`
    )
  })

  it.each(["/.wh..wh.aufs", "/.wh..wh.plnk/123", "/.wh..wh.orph", "/.wh..wh..opqs"])(
    "of AUFS's own are dropped: %s",
    (path) => {
      expect(read(path)).toEqual(Result.succeed(undefined))
    }
  )

  it("of AUFS's own are so at the root alone", () => {
    expect(meaning("/a/.wh..wh.aufs")).toEqual({ path: "/a/.wh.aufs", whiteout: "file", layer: 3 })
  })

  it.each(["/.w", "/a.wh.b", "/.wh", "/wh.a", "/.wh.a/b"])("are not other names: %s", (path) => {
    expect(meaning(path)).toEqual({ path, whiteout: undefined, layer: 3 })
  })
})
