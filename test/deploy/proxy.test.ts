import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { eventually } from "../instances/support/eventually.ts"
import { caddy } from "../support/debian/tool.ts"
import { freePort } from "../support/registry/port.ts"
import { newDatabase } from "../support/postgres/databases.ts"
import { type Answer, type Rest, rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"
import { until } from "../support/until.ts"
import { textOf } from "./files.ts"

const LONG = 120_000
describe("two instances behind the proxy of compose.yaml", () => {
  const folder = disposableFolder()
  const scope = Scope.makeUnsafe()
  const instances = new Map<number, Service>()
  let proxy: { readonly url: string; readonly end: () => Promise<unknown> }
  let settings: Readonly<Record<string, string>>
  let through: Rest

  const start = async (port: number) => {
    instances.set(port, await startService({ ...settings, PORT: String(port) }))
  }

  /** The proxy with the file's own words, but for where the instances and itself are. */
  const startProxy = async (upstreams: ReadonlyArray<number>) => {
    const port = await freePort()
    const file = join(folder.path, "Caddyfile")
    const sites = textOf("deploy/compose/Caddyfile").replace(
      /reverse_proxy [^{]+/u,
      `reverse_proxy ${upstreams.map((each) => `127.0.0.1:${each}`).join(" ")} `
    )
    writeFileSync(file, `{\n\tadmin off\n}\n${sites}`)
    const site = `http://127.0.0.1:${port}`
    const program = await Effect.runPromise(caddy)
    const child = spawn(program, ["run", "--adapter", "caddyfile", "--config", file], {
      env: { HOME: folder.path, KEYHOLE_SITE: site },
      stdio: ["ignore", "ignore", "pipe"]
    })
    let output = ""
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString()
    })
    const ended = once(child, "exit")
    await until(() => output.includes("serving initial configuration") || child.exitCode !== null, LONG)
    expect(child.exitCode, output).toBe(null)
    return {
      url: site,
      end: () => {
        child.kill("SIGTERM")
        return ended
      }
    }
  }

  beforeAll(async () => {
    const database = await Effect.runPromise(Scope.provide(newDatabase, scope))
    settings = {
      DATABASE_URL: Redacted.value(database),
      KEYHOLE_DATA_DIR: folder.path,
      KEYHOLE_SECRET: "a secret of thirty-two bytes or more",
      KEYHOLE_ISSUER: "https://keyhole.example",
      KEYHOLE_TRUST_PROXY: "127.0.0.1",
      KEYHOLE_ARGON2_MEMORY: "64",
      KEYHOLE_ARGON2_TIME: "1"
    }
    const ports = [await freePort(), await freePort()]
    for (const port of ports) await start(port)
    proxy = await startProxy(ports)
    through = rest(proxy.url)
  }, LONG)
  afterAll(async () => {
    await proxy.end()
    await Promise.all([...instances.values()].map((each) => each.end("SIGTERM")))
    await Effect.runPromise(Scope.close(scope, Exit.void))
    folder[Symbol.dispose]()
  }, LONG)

  const newcomer = async (name: string) =>
    String(
      (await through.post("/auth/register", { email: `${name}@example.com`, password: PASSWORD })).body.access_token
    )

  it("does not show what is counted", async () => {
    expect((await fetch(`${proxy.url}/metrics`)).status).toBe(404)
    expect((await fetch(`${proxy.url}/readyz`)).status).toBe(200)
  })

  it("lets nobody say where they come from", async () => {
    const account = { email: "eve@example.com", password: PASSWORD }
    await newcomer("eve")
    const forged = {
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https"
    }
    const { body } = await through.post("/auth/login", account, undefined, forged)
    const sessions = (await through.get("/sessions", body.access_token)).body.sessions
    expect(sessions.map((session: { readonly ip_address: string }) => session.ip_address)).toEqual(
      sessions.map(() => "127.0.0.1")
    )
    const answer = await fetch(`${proxy.url}/livez`, { headers: forged })
    expect(answer.headers.get("strict-transport-security")).toBe(null)
  })

  it(
    "drops no request while one instance after the other is replaced",
    async () => {
      const token = await newcomer("ada")
      const counted = { answers: 0, isOver: false }
      const wrong: Array<string> = []
      // On a machine without time nobody may be ready for a moment, and what is refused then went nowhere (503). Dropped
      // is what an instance took and did not answer.
      const worker = async (ask: () => Promise<Answer>) => {
        while (!counted.isOver) {
          const status = await ask().then(
            (answer) => answer.status,
            (error: unknown) => String(error)
          )
          if (status === 200) counted.answers++
          else if (status !== 503) wrong.push(String(status))
        }
      }
      const read = () => worker(() => through.get("/users/me", token))
      // The proxy asks again for what only reads, and for nothing that may have changed something already.
      const workers = [read(), read(), read(), read()]
      /** Whether the proxy has found it ready, and sends requests there. */
      const hasReads = async (port: number) => {
        const { body } = await rest(`http://127.0.0.1:${port}`).get("/metrics")
        return String(body).includes('route="/users/me",status="200"')
      }
      const some = () => {
        const goal = counted.answers + 30
        return until(() => counted.answers >= goal, LONG)
      }
      for (const [port, instance] of instances) {
        await some()
        expect(await instance.end("SIGTERM")).toBe(0)
        await some()
        await start(port)
        await eventually(() => hasReads(port), LONG)
      }
      await some()
      counted.isOver = true
      await Promise.all(workers)
      expect(wrong).toEqual([])
    },
    LONG
  )
})
