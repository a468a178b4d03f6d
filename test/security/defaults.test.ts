import { statSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { keyhole } from "../cli/keyhole.ts"
import { startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const run = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) =>
  Effect.runPromise(keyhole(args, env))

describe("22. What is there before anybody set anything", () => {
  it("is no account", async () => {
    using folder = disposableFolder()
    const env = { KEYHOLE_DATA_DIR: folder.path }
    const service = await startService(env)
    await service.end("SIGTERM")
    expect(await run(["users", "list"], env)).toEqual({ status: 0, stdout: "", stderr: "" })
  })

  it("is a secret of each installation's own, which its owner alone can read", async () => {
    using one = disposableFolder()
    using other = disposableFolder()
    const secrets = []
    for (const { path } of [one, other]) {
      const service = await startService({ KEYHOLE_DATA_DIR: path })
      await service.end("SIGTERM")
      const file = join(path, "secret")
      expect(statSync(file).mode & 0o777).toBe(0o600)
      secrets.push(await readFile(file, "utf8"))
    }
    expect(secrets[0]?.trim().length).toBeGreaterThanOrEqual(32)
    expect(secrets[0]).not.toBe(secrets[1])
  })

  it.each([
    ["missing", {}],
    ["empty", { KEYHOLE_SECRET: "" }],
    ["short", { KEYHOLE_SECRET: "31 bytes are one byte too short" }],
    ["one character over and over", { KEYHOLE_SECRET: "a".repeat(64) }]
  ])("is, in production, no start with a secret that is %s", async (_what, given) => {
    using folder = disposableFolder()
    const { status, stdout, stderr } = await run(["serve"], {
      NODE_ENV: "production",
      KEYHOLE_DATA_DIR: folder.path,
      PORT: "0",
      ...given
    })
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" })
    expect(stderr).toMatch(/^keyhole: KEYHOLE_SECRET must be [^\n]+\.\n$/u)
  })
})
