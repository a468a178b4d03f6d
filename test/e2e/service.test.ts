import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD, ada } from "../support/ada.ts"
import { rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

/** The cheapest hashing there is: these tests are about the process, not the hash. */
const CHEAP_HASHING = { KEYHOLE_ARGON2_MEMORY: "8192", KEYHOLE_ARGON2_TIME: "1" }

describe("the running service", () => {
  const folder = disposableFolder()
  let service: Service

  beforeAll(async () => {
    service = await startService({ KEYHOLE_DATA_DIR: folder.path, ...CHEAP_HASHING })
  })
  afterAll(async () => {
    await service.end("SIGTERM")
    folder[Symbol.dispose]()
  })

  it("warns of nothing when it starts", () => {
    expect(service.output()).not.toMatch(/warn/iu)
  })

  it("tells the story of two browsers: A and B sign in, A logs out, A is refused, B goes on", async () => {
    const { get, post } = rest(service.url)
    expect((await post("/auth/register", { ...ada, name: "Ada" })).status).toBe(201)
    const [a, b] = [await post("/auth/login", ada), await post("/auth/login", ada)]
    expect((await post("/auth/logout", undefined, a.body.access_token)).body).toEqual({
      message: "Successfully logged out",
      detail: "Token has been invalidated",
      revoked: true
    })
    const refused = await get("/users/me", a.body.access_token)
    expect(refused).toMatchObject({
      status: 401,
      body: { code: "token-revoked", detail: "Token has been invalidated" }
    })
    expect(await get("/users/me", b.body.access_token)).toMatchObject({ status: 200, body: { email: ada.email } })
    expect(await post("/auth/refresh", { refresh_token: a.body.refresh_token })).toMatchObject({
      status: 401,
      body: { code: "token-revoked" }
    })
    expect((await post("/auth/refresh", { refresh_token: b.body.refresh_token })).status).toBe(200)
  })

  it("hands fifty parallel refreshes of one token the same live token, and logs nobody out", async () => {
    const { get, post } = rest(service.url)
    const grace = await post("/auth/register", { email: "grace@example.com", password: PASSWORD })
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post("/auth/refresh", { refresh_token: grace.body.refresh_token }))
    )
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer.body.refresh_token)).size).toBe(1)
    expect(new Set(answers.map((answer) => answer.body.access_token)).size).toBe(50)
    expect((await get("/users/me", answers[0]?.body.access_token)).status).toBe(200)
  })
})

describe("what a service leaves lying about", () => {
  it("has no password, no token and no private key in it: not in the database's files, not in the log", async () => {
    using folder = disposableFolder()
    const service = await startService({ KEYHOLE_DATA_DIR: folder.path, ...CHEAP_HASHING })
    const { get, post } = rest(service.url)
    const { body } = await post("/auth/register", ada)
    const refreshed = await post("/auth/refresh", { refresh_token: body.refresh_token })
    await get("/users/me", refreshed.body.access_token)
    await post("/auth/login", { email: "ada@example.com", password: `${PASSWORD}, almost` })
    const files = () =>
      readdirSync(folder.path)
        .filter((name) => name.startsWith("keyhole.db"))
        .map((name) => readFileSync(join(folder.path, name), "latin1"))
    const whileOpen = files()
    expect(whileOpen.join("")).toContain("ada@example.com")
    await service.end("SIGTERM")
    const secrets = [
      PASSWORD,
      ...[body, refreshed.body].flatMap((tokens) => [tokens.access_token, tokens.refresh_token]),
      ...[body, refreshed.body].flatMap((tokens) => [
        tokens.access_token.split(".")[2],
        tokens.refresh_token.split(".")[2]
      ]),
      "PRIVATE KEY",
      '"d":"'
    ]
    for (const text of [...whileOpen, ...files(), service.output()]) {
      for (const secret of secrets) expect(text.includes(secret)).toBe(false)
    }
  })
})

describe("a service that is killed", () => {
  it("has lost nothing that it acknowledged: users, sessions, revocations", async () => {
    using folder = disposableFolder()
    const settings = { KEYHOLE_DATA_DIR: folder.path, ...CHEAP_HASHING }
    const acknowledged: Array<{ readonly email: string; readonly access: string; readonly revoked: boolean }> = []
    for (const life of [1, 2, 3]) {
      const service = await startService(settings)
      const { post } = rest(service.url)
      const worker = async (name: string) => {
        for (let turn = 0; ; turn += 1) {
          const email = `${name}-${life}-${turn}@example.com`
          const user = await post("/auth/register", { email, password: PASSWORD })
          const revoked = turn % 2 === 0 && (await post("/auth/logout", undefined, user.body.access_token)).body.revoked
          acknowledged.push({ email, access: user.body.access_token, revoked })
        }
      }
      const workers = ["ada", "bob", "eve"].map((name) => worker(name).catch(() => undefined))
      const before = acknowledged.length
      while (acknowledged.length < before + 10 * life) await pause(1)
      await service.end("SIGKILL")
      await Promise.all(workers)
    }
    const service = await startService(settings)
    const { get, post } = rest(service.url)
    for (const { email, access, revoked } of acknowledged) {
      expect((await get("/users/me", access)).status, email).toBe(revoked ? 401 : 200)
    }
    expect((await post("/auth/login", { email: acknowledged[0]?.email, password: PASSWORD })).status).toBe(200)
    expect(await service.end("SIGTERM")).toBe(0)
  })
})

describe("a service that is told to end", () => {
  it("finishes what is in flight, and is gone within five seconds", async () => {
    using folder = disposableFolder()
    const service = await startService({ KEYHOLE_DATA_DIR: folder.path })
    const { post } = rest(service.url)
    const inFlight = Array.from({ length: 8 }, (_, index) =>
      post("/auth/register", { email: `ada${index}@example.com`, password: PASSWORD })
    )
    await Promise.race(inFlight)
    const told = Date.now()
    const status = await service.end("SIGTERM")
    expect(Date.now() - told).toBeLessThan(5000)
    expect(status).toBe(0)
    expect((await Promise.all(inFlight)).map((answer) => answer.status)).toEqual(Array.from(inFlight, () => 201))
  })
})

describe("a wrong setting", () => {
  it.each([
    ["PORT", "80800"],
    ["KEYHOLE_ACCESS_TTL", "soon"],
    ["KEYHOLE_MAX_SESSIONS", "0"],
    ["KEYHOLE_ARGON2_MEMORY", "much"],
    ["KEYHOLE_SECRET", "short"],
    ["KEYHOLE_REGISTRY_INSECURE", "localhost"],
    ["KEYHOLE_LAYER_MAX_BYTES", "-1"]
  ])("%s=%s stops the start with a sentence that names it", async (variable, value) => {
    using folder = disposableFolder()
    const start = startService({ KEYHOLE_DATA_DIR: folder.path, [variable]: value })
    await expect(start).rejects.toThrow(new RegExp(`ended with 1 .*\\n.*${variable}`, "u"))
    await expect(start).rejects.not.toThrow(/\n\s+at /u)
  })
})
