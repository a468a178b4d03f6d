import { statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { makeFolder } from "../../src/infra/makeFolder.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

describe("makeFolder", () => {
  it("makes a folder and those above it, for their owner alone, and minds none that is there", () => {
    using folder = disposableFolder()
    const path = join(folder.path, "one", "two")
    makeFolder(path)
    makeFolder(path)
    expect([path, join(path, "..")].map((made) => statSync(made).mode & 0o777)).toEqual([0o700, 0o700])
  })

  it("fails where a file is in the way", () => {
    using folder = disposableFolder()
    const file = join(folder.path, "file")
    writeFileSync(file, "")
    expect(() => makeFolder(file)).toThrow("EEXIST")
    expect(() => makeFolder(join(file, "below"))).toThrow("ENOTDIR")
  })

  it("fails where the system lets nobody make one, and does not try for ever", () => {
    expect(() => makeFolder("/proc/keyhole/data")).toThrow("ENOENT")
  })
})
