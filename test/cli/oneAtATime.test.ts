import { readdir, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { configFolder } from "../../src/cli/server/configFolder.ts"
import { oneAtATime } from "../../src/cli/server/oneAtATime.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

describe("one at a time", () => {
  let folder: ReturnType<typeof disposableFolder>
  let lock: string
  beforeEach(() => {
    folder = disposableFolder()
    lock = join(folder.path, "lock")
  })
  afterEach(() => folder[Symbol.dispose]())

  it("lets nobody in while somebody is", async () => {
    let within = 0
    const work = async () => {
      expect(++within).toBe(1)
      await readdir(folder.path)
      within--
    }
    await Promise.all(Array.from({ length: 5 }, () => oneAtATime(lock, work)))
    expect(await readdir(folder.path)).toEqual([])
  })

  it("lets the next one in after a failure", async () => {
    await expect(oneAtATime(lock, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken")
    expect(await oneAtATime(lock, async () => "done")).toBe("done")
  })

  it("does not wait for somebody who has not lived to leave", async () => {
    await writeFile(lock, "somebody's")
    await utimes(lock, 0, 0)
    expect(await oneAtATime(lock, async () => "done")).toBe("done")
    expect(await readdir(folder.path)).toEqual([])
  })

  it("leaves the lock of whoever has taken it over", async () => {
    await oneAtATime(lock, () => writeFile(lock, "somebody else's"))
    expect(await readdir(folder.path)).toEqual(["lock"])
  })
})

describe("the folder for what is somebody's own", () => {
  it("is where the system has such things, or they want them", () => {
    expect(configFolder({}, "linux", "/home/ada")).toBe("/home/ada/.config/keyhole")
    expect(configFolder({ XDG_CONFIG_HOME: "" }, "darwin", "/Users/ada")).toBe(
      "/Users/ada/Library/Application Support/keyhole"
    )
    expect(configFolder({ APPDATA: "/roaming" }, "win32", "/Users/ada")).toBe("/roaming/keyhole")
    expect(configFolder({ XDG_CONFIG_HOME: "/c", APPDATA: "/roaming" }, "win32", "/Users/ada")).toBe("/c/keyhole")
  })
})
