import { existsSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { keyhole } from "./keyhole.ts"

describe("keyhole", () => {
  it.live("stops at wrong settings with one sentence each, no stack, and ends with 1", () =>
    Effect.gen(function* () {
      const { status, stdout, stderr } = yield* keyhole(["serve"], { KEYHOLE_ACCESS_TTL: "soon", REDIS_URL: "x" })
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
      expect(stderr.split("\n")).toEqual([
        expect.stringMatching(/^keyhole: REDIS_URL must be a URL such as `redis:.*\.$/u),
        expect.stringMatching(/^keyhole: KEYHOLE_ACCESS_TTL must be a duration .*, and is "soon"\.$/u),
        ""
      ])
    })
  )

  it.live("ends with 2 when it is used wrongly", () =>
    Effect.gen(function* () {
      expect(yield* keyhole(["peek"])).toEqual({
        status: 2,
        stdout: "",
        stderr: "keyhole: Missing required argument: image\nTry: keyhole peek --help\n"
      })
    })
  )

  it.live.each(["users list", "keys list", "keys rotate", "users grant ada@example.com admin"])(
    "makes no database to look into: %s",
    (command) =>
      Effect.gen(function* () {
        const KEYHOLE_DATA_DIR = join(yield* temporaryFolder, "none")
        const { status, stderr } = yield* keyhole(command.split(" "), { KEYHOLE_DATA_DIR })
        expect(status).toBe(1)
        expect(stderr).toMatch(/^keyhole: There is no database .*none\/keyhole\.db: .*`keyhole migrate` make one/u)
        expect(existsSync(KEYHOLE_DATA_DIR)).toBe(false)
      })
  )

  it.live("does not fail over a setting that a command has no use for", () =>
    Effect.gen(function* () {
      const KEYHOLE_DATA_DIR = yield* temporaryFolder
      const env = { KEYHOLE_DATA_DIR, PORT: "none", KEYHOLE_REGISTRY_PRIVATE: "?" }
      expect(yield* keyhole(["migrate"], env)).toMatchObject({ status: 0 })
      expect(yield* keyhole(["users", "list"], env)).toEqual({ status: 0, stdout: "", stderr: "" })
      expect((yield* keyhole(["peek", "127.0.0.1:1/a/b"], env)).stderr).toMatch(/KEYHOLE_REGISTRY_PRIVATE must be/u)
      expect((yield* keyhole(["peek", "127.0.0.1:1/a/b"], { PORT: "none" })).stderr).toMatch(/may not be reached/u)
    })
  )

  it.live("migrates, and finds nothing to do the second time", () =>
    Effect.gen(function* () {
      const KEYHOLE_DATA_DIR = yield* temporaryFolder
      const expected = { status: 0, stdout: "", stderr: "The database is up to date.\n" }
      expect(yield* keyhole(["migrate"], { KEYHOLE_DATA_DIR })).toEqual(expected)
      expect(yield* keyhole(["migrate"], { KEYHOLE_DATA_DIR })).toEqual(expected)
    })
  )
})
