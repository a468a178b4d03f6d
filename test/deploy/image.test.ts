import { spawn, spawnSync } from "node:child_process"
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs"
import { once } from "node:events"
import { join } from "node:path"
import { Schema } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { disposableFolder } from "../support/temporaryFolder.ts"
import { until } from "../support/until.ts"
import { context, image } from "./dockerfile.ts"
import { noSettings, pathOf, textOf } from "./files.ts"

const isRoot = process.getuid?.() === 0

const Lock = Schema.fromJsonString(
  Schema.Struct({
    packages: Schema.Record(Schema.String, Schema.Struct({ dev: Schema.optionalKey(Schema.Boolean) }))
  })
)

/** Links where these can be had: the packages are large. */
const bring = (names: ReadonlyArray<string>, root: string) => {
  const cp = (...how: ReadonlyArray<string>) =>
    spawnSync("cp", ["-a", "--parents", ...how, ...names, root], { cwd: pathOf(".") }).status
  if (cp("--link") !== 0 && cp() !== 0) throw new Error("the image's files could not be copied")
}

/** The folders that `npm ci --omit=dev` makes; those of a package alone are in its own. */
const packages = Object.entries(Schema.decodeUnknownSync(Lock)(textOf("package-lock.json")).packages)
  .filter(
    ([path, { dev }]) => /^node_modules\/[^/]+(?:\/[^/]+)?$/u.test(path) && dev !== true && existsSync(pathOf(path))
  )
  .map(([path]) => path)

describe("the Dockerfile", () => {
  it("takes from the folder what a build may see, and that is there", () => {
    for (const name of image.copied) {
      expect(context).toContain(name)
      expect(existsSync(pathOf(name)), name).toBe(true)
    }
  })

  it("names releases of its bases, not whatever is newest", () => {
    for (const base of image.bases) expect(base).toMatch(/:(?:\d+-)?trixie-slim$/u)
  })

  it("sets nothing that is no setting, and the port it speaks of", () => {
    expect(noSettings(Object.keys(image.environment))).toEqual([])
    expect(image.environment["PORT"]).toBe(String(image.port))
    expect(image.environment["KEYHOLE_DATA_DIR"]).toBe(image.volume)
    expect(image.environment["NODE_ENV"]).toBe("production")
  })

  it("runs as somebody who is not root, said as a number", () => {
    expect(image.user).toHaveLength(2)
    for (const id of image.user) expect(id).toBeGreaterThanOrEqual(1000)
  })
})

describe("what the image has in it", () => {
  const folder = disposableFolder()
  const root = join(folder.path, "image")
  const inside = (path: string) => (path.startsWith(image.folder) ? root + path.slice(image.folder.length) : path)
  const [uid = 0, gid = 0] = image.user
  const account = isRoot ? { uid, gid } : {}
  const environment = {
    ...image.environment,
    PATH: "/usr/bin:/bin",
    HOST: "127.0.0.1",
    PORT: "0",
    KEYHOLE_DATA_DIR: join(folder.path, "data"),
    KEYHOLE_SECRET: "a secret of thirty-two bytes or more"
  }
  beforeAll(() => {
    mkdirSync(root)
    bring([...packages, ...image.copied], root)
    mkdirSync(environment.KEYHOLE_DATA_DIR)
    chmodSync(folder.path, 0o755)
    if (isRoot) chownSync(environment.KEYHOLE_DATA_DIR, uid, gid)
  })
  afterAll(() => folder[Symbol.dispose]())

  const start = async (settings: Readonly<Record<string, string>>) => {
    const [program = "", ...args] = image.command.map(inside)
    const child = spawn(program, args, { env: { ...environment, ...settings }, cwd: root, ...account })
    let output = ""
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString()
    })
    const ended = once(child, "exit")
    const isOver = () => child.exitCode !== null
    await until(() => /listening on/u.test(output) || isOver(), 60_000)
    const port = /listening on http:\/\/[\d.]+:(\d+)/u.exec(output)?.[1] ?? ""
    return { child, ended, port, output: () => output }
  }

  const isHealthy = (port: string): boolean => {
    const [program = "", ...args] = image.healthcheck.map(inside)
    return spawnSync(program, args, { env: { ...environment, PORT: port }, ...account }).status === 0
  }

  it("is enough to serve, in a folder that cannot be written, and to see that it does", async () => {
    const service = await start({})
    expect(service.output()).toContain("listening")
    const page = await fetch(`http://127.0.0.1:${service.port}/`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<script")])
    expect(isHealthy(service.port)).toBe(true)
    // One line each, in JSON: also what the bundler of the console has to say.
    for (const line of service.output().trim().split("\n")) expect(() => JSON.parse(line), line).not.toThrow()
    service.child.kill("SIGTERM")
    expect(await service.ended).toEqual([0, null])
    expect(isHealthy(service.port)).toBe(false)
  })

  it("does not start without a secret, and says so", async () => {
    const service = await start({ KEYHOLE_SECRET: "" })
    expect(await service.ended).toEqual([1, null])
    expect(service.output()).toContain("KEYHOLE_SECRET")
  })

  it("cannot write to its own code, as whoever runs it", () => {
    if (!isRoot) writeFileSync(join(folder.path, "mine"), "")
    else expect(spawnSync("touch", [join(root, "src", "main.ts")], account).status).not.toBe(0)
  })
})
