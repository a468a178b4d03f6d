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
        expect.stringMatching(/^keyhole: KEYHOLE_ACCESS_TTL must be a duration .*, and is "soon"\.$/u),
        "keyhole: REDIS_URL is set, and this version does not support it: unset it.",
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

  it.live("migrates, and finds nothing to do the second time", () =>
    Effect.gen(function* () {
      const KEYHOLE_DATA_DIR = yield* temporaryFolder
      const expected = { status: 0, stdout: "", stderr: "The database is up to date.\n" }
      expect(yield* keyhole(["migrate"], { KEYHOLE_DATA_DIR })).toEqual(expected)
      expect(yield* keyhole(["migrate"], { KEYHOLE_DATA_DIR })).toEqual(expected)
    })
  )
})
