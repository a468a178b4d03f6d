import { existsSync } from "node:fs"
import { join } from "node:path"
import { Effect, Exit, Redacted, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { PASSWORD, ada } from "../support/ada.ts"
import { emptyDatabase } from "../support/postgres/databases.ts"
import { rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const CHEAP_HASHING = { KEYHOLE_ARGON2_MEMORY: "8192", KEYHOLE_ARGON2_TIME: "1" }

/** Each start of a process takes its time on a machine that is busy with other tests. */
const SEVERAL_STARTS = 120_000

describe("the service on PostgreSQL", { timeout: SEVERAL_STARTS }, () => {
  const scope = Scope.makeUnsafe()
  const folder = disposableFolder()
  const running = new Set<Service>()
  let settings: Readonly<Record<string, string>>

  const start = async () => {
    const service = await startService(settings)
    running.add(service)
    return { service, ...rest(service.url) }
  }

  beforeAll(async () => {
    const url = await Effect.runPromise(Scope.provide(emptyDatabase, scope))
    settings = { KEYHOLE_DATA_DIR: folder.path, DATABASE_URL: Redacted.value(url), ...CHEAP_HASHING }
  })
  afterAll(async () => {
    for (const service of running) await service.end("SIGKILL")
    await Effect.runPromise(Scope.close(scope, Exit.void))
    folder[Symbol.dispose]()
  })

  it("remembers accounts, sessions and log-outs over a restart and a kill, with nothing in the data directory", async () => {
    const first = await start()
    expect((await first.post("/auth/register", { ...ada, name: "Ada" })).status).toBe(201)
    const [a, b] = [await first.post("/auth/login", ada), await first.post("/auth/login", ada)]
    expect((await first.post("/auth/logout", undefined, a.body.access_token)).body).toMatchObject({ revoked: true })
    expect(await first.service.end("SIGTERM")).toBe(0)

    const second = await start()
    expect(await second.get("/users/me", a.body.access_token)).toMatchObject({ status: 401 })
    expect(await second.get("/users/me", b.body.access_token)).toMatchObject({
      status: 200,
      body: { email: ada.email }
    })
    const c = await second.post("/auth/login", ada)
    expect((await second.post("/auth/logout", undefined, c.body.access_token)).body).toMatchObject({ revoked: true })
    await second.service.end("SIGKILL")

    const third = await start()
    for (const { body } of [a, c]) {
      expect(await third.get("/users/me", body.access_token)).toMatchObject({
        status: 401,
        body: { code: "token-revoked" }
      })
      expect((await third.post("/auth/refresh", { refresh_token: body.refresh_token })).status).toBe(401)
    }
    expect((await third.post("/auth/refresh", { refresh_token: b.body.refresh_token })).status).toBe(200)
    expect(existsSync(join(folder.path, "keyhole.db"))).toBe(false)
    expect(third.service.output()).not.toMatch(/warn/iu)
    expect(third.service.output()).toMatch(/listening on .*, with its data in PostgreSQL, \w+ on 127\.0\.0\.1/u)
  })

  it("is one service however many processes it has: a log-out on one is a log-out on the other", async () => {
    const [here, there] = await Promise.all([start(), start()])
    const { body } = await here.post("/auth/register", { email: "grace@example.com", password: PASSWORD })
    expect((await there.get("/users/me", body.access_token)).status).toBe(200)
    expect((await here.post("/auth/logout", undefined, body.access_token)).body).toMatchObject({ revoked: true })
    expect((await there.get("/users/me", body.access_token)).status).toBe(401)
    expect((await there.post("/auth/refresh", { refresh_token: body.refresh_token })).status).toBe(401)
  })
})

describe("a database that cannot be used", () => {
  it.each([
    [
      "nobody listens",
      () => "postgres://ada:canary@127.0.0.1:1/keyhole",
      /keyhole on 127\.0\.0\.1:1 cannot be opened/u
    ],
    ["it does not exist", () => `${inject("postgres")}nowhere`, /database "nowhere" does not exist/u],
    ["its host does not", () => "postgres://ada:canary@nowhere.invalid/keyhole", /nowhere\.invalid/u],
    ["its server has no TLS", () => `${inject("postgres")}postgres?sslmode=require`, /does not support SSL/u],
    ["it is none", () => "mysql://ada:canary@localhost/keyhole", /DATABASE_URL must be a URL such as/u]
  ])("stops the start with one sentence and no password: %s", async (_, url, sentence) => {
    using folder = disposableFolder()
    const start = startService({ KEYHOLE_DATA_DIR: folder.path, DATABASE_URL: url() })
    const failed = await start.then(() => "it started", String)
    expect(failed).toMatch(/ended with 1 before/u)
    expect(failed).toMatch(sentence)
    expect(failed).not.toMatch(/canary|\n\s+at /u)
    expect(failed.trim().split("\n")).toHaveLength(2)
  })
})
