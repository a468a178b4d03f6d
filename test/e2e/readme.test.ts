import { execFile, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { documented } from "../../src/infra/config/settings.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
const KEYHOLE = fileURLToPath(new URL("../../bin/keyhole", import.meta.url))
const EXAMPLE = fileURLToPath(new URL("../../examples/registry.sh", import.meta.url))

interface Step {
  readonly command: string
  readonly output: string
}

/** The commands of the README's console blocks, each with what it is said to print. */
const steps: ReadonlyArray<Step> = [...README.matchAll(/^```console\n([\s\S]*?)^```$/gmu)].flatMap(([, block = ""]) =>
  block
    .split(/^\$ /mu)
    .slice(1)
    .map((text) => {
      const [, command = "", output = ""] = /^((?:.*\\\n)*.*\n)([\s\S]*)$/u.exec(text) ?? []
      return { command: command.trimEnd(), output }
    })
)

/** What differs from run to run: ids and times. */
const steady = (text: string) =>
  text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "(id)")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/gu, "(time)")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/gu, "(minute)")
    .trimEnd()

/** Starts the example's registry on a free port; resolves to its `host:port`. */
const startExample = () =>
  new Promise<{ readonly host: string; readonly end: () => void }>((resolve, reject) => {
    const child = spawn(EXAMPLE, { env: { ...process.env, REGISTRY_PORT: "0" }, stdio: ["ignore", "pipe", "pipe"] })
    const said: Array<string> = []
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()))
    child.once("exit", (status) => reject(new Error(`the example ended with ${status}:\n${said.join("")}`)))
    createInterface(child.stdout).on("line", (line) => {
      const host = /^(\S+)\/team\/app:1\.4 is there/u.exec(line)?.[1]
      if (host !== undefined) resolve({ host, end: () => child.kill("SIGTERM") })
    })
  })

describe("the README", () => {
  const folder = disposableFolder()
  let service: Service
  let example: Awaited<ReturnType<typeof startExample>>

  beforeAll(async () => {
    example = await startExample()
    service = await startService({
      KEYHOLE_DATA_DIR: folder.path,
      KEYHOLE_REGISTRY_PRIVATE: example.host,
      KEYHOLE_REGISTRY_INSECURE: example.host
    })
  })
  afterAll(async () => {
    await service.end("SIGTERM")
    example.end()
    folder[Symbol.dispose]()
  })

  it("shows a session that goes as it says, word for word", async () => {
    expect(steps.length).toBeGreaterThan(7)
    const here = (text: string) =>
      text
        .replaceAll("localhost:8080", new URL(service.url).host)
        .replaceAll("127.0.0.1:5000", example.host)
        .replaceAll("npm run --silent keyhole --", KEYHOLE)
    const exported = /^export (.*)$/mu.exec(README)?.[1] ?? ""
    const env = {
      ...process.env,
      // The service runs in the checkout, the commands here.
      KEYHOLE_DATA_DIR: folder.path,
      ...Object.fromEntries(
        here(exported)
          .split(" ")
          .map((one) => one.split("="))
      )
    }
    let before = ""
    for (const { command, output } of steps) {
      // Each command runs after all those before it, in the same folder, with the variables they left.
      const script = `exec 2>&1\n${before}\n${here(command)}`
      const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: folder.path, env })
      expect(steady(stdout), command).toBe(steady(here(output)))
      if (/^\w+=/u.test(command)) before = `${before}\n${here(command)}`
    }
  })

  it("has every setting in its table, with its default", () => {
    const rows = [...README.matchAll(/^\| `([A-Z_0-9]+)` \| (.*?) \| (.*) \|$/gmu)].map(
      ([, name, byDefault, text]) => ({
        name,
        default: byDefault?.replaceAll("`", ""),
        description: text
      })
    )
    expect(rows).toEqual(
      documented.map(({ name, default: byDefault, description }) => ({ name, default: byDefault, description }))
    )
  })
})
