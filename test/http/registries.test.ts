import { Effect, Layer } from "effect"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { EventLog } from "../../src/domain/event/EventLog.ts"
import type { SecurityEvent } from "../../src/domain/event/SecurityEvent.ts"
import { StorageUnavailable } from "../../src/domain/storage/StorageUnavailable.ts"
import { type Http, newcomer, operator, startHttp } from "../support/http.ts"

const events: Array<SecurityEvent> = []
let trailIsLost = false
let http: Http
let ada: string

beforeAll(async () => {
  const trail = Layer.succeed(EventLog, {
    append: (event) =>
      Effect.suspend(() => {
        if (trailIsLost) return Effect.fail(new StorageUnavailable({ store: "database", cause: "lost" }))
        events.push(event)
        return Effect.void
      }),
    page: () => Effect.succeed(events)
  })
  http = await startHttp(trail)
})
afterAll(() => http.stop())
beforeEach(async () => {
  ada = await operator(http)
  events.length = 0
})

const CANARY = "canary: a password that nobody should see"
const login = { username: "ada", password: CANARY }
const at = (host: string) => `/registries/${encodeURIComponent(host)}/credentials`
const put = (host: string, body: object = login, token = ada) => http.put(at(host), body, token)
const remove = (host: string, token = ada) => http.delete(at(host), token)
const list = async (token = ada) => (await http.get("/registries", token)).body.registries

describe("PUT /registries/{host}/credentials", () => {
  it("keeps the login, answers with nothing, and lets nothing keep the answer", async () => {
    const answer = await put("ghcr.io")
    expect(answer).toMatchObject({ status: 204, body: "" })
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(await list()).toEqual([{ host: "ghcr.io", username: "ada" }])
  })

  it("replaces the one there was", async () => {
    await put("ghcr.io")
    await put("ghcr.io", { username: "lovelace", password: "other" })
    expect(await list()).toEqual([{ host: "ghcr.io", username: "lovelace" }])
  })

  it.each([
    ["localhost:5000", "localhost:5000"],
    ["GHCR.io", "ghcr.io"],
    ["index.docker.io", "docker.io"],
    ["[::1]:5000", "[::1]:5000"]
  ])("takes %s for %s", async (written, host) => {
    expect((await put(written)).status).toBe(204)
    expect(await list()).toEqual([{ host, username: "ada" }])
  })

  it.each(["alpine", "https://ghcr.io", "ghcr.io/org", "a b.c", "ghcr.io:99999", "a..b", "ghcr.io\u0000"])(
    "refuses %j, which is no registry's host, and says so",
    async (host) => {
      expect(await put(host)).toMatchObject({
        status: 422,
        body: { code: "invalid-request", errors: [{ pointer: "/host", detail: expect.any(String) }] }
      })
      expect(await list()).toEqual([])
    }
  )

  it.each([
    ["/username", { ...login, username: "" }],
    ["/username", { ...login, username: "a:b" }],
    ["/username", { ...login, username: "a\r\nb" }],
    ["/username", { password: CANARY }],
    ["/password", { username: "ada" }],
    ["/password", { ...login, password: "" }],
    ["/password", { ...login, password: CANARY.repeat(300) }],
    ["/password", { ...login, password: [CANARY] }],
    ["/auth", { ...login, auth: CANARY }]
  ])("points at %s when that is what is wrong, and repeats no password", async (pointer, body) => {
    const answer = await put("ghcr.io", body)
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-request", errors: [{ pointer }] } })
    expect(JSON.stringify(answer.body)).not.toContain("canary")
    expect(await list()).toEqual([])
  })
})

describe("DELETE /registries/{host}/credentials", () => {
  it("forgets the login, by any of the host's names", async () => {
    await put("docker.io")
    await put("ghcr.io")
    expect(await remove("INDEX.docker.io")).toMatchObject({ status: 204, body: "" })
    expect(await list()).toEqual([{ host: "ghcr.io", username: "ada" }])
  })

  it("finds nothing where there is none, or only somebody else's", async () => {
    const bob = await operator(http)
    await put("ghcr.io", login, bob)
    const answers = await Promise.all([remove("ghcr.io"), remove("quay.io")])
    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual(
      answers.map(() => [404, "not-found", "There is no such registry credential"])
    )
    expect(await list(bob)).toHaveLength(1)
  })
})

describe("GET /registries", () => {
  it("lists the caller's own, by host, and never a password", async () => {
    const bob = await operator(http)
    await put("quay.io", { username: "ada of quay", password: CANARY })
    await put("ghcr.io")
    await put("ghcr.io", { username: "bob", password: CANARY }, bob)
    const { headers, body } = await http.get("/registries", ada)
    expect(body).toEqual({
      registries: [
        { host: "ghcr.io", username: "ada" },
        { host: "quay.io", username: "ada of quay" }
      ]
    })
    expect(headers.get("cache-control")).toBe("no-store")
    expect(await list(bob)).toEqual([{ host: "ghcr.io", username: "bob" }])
  })
})

describe("every call about registries", () => {
  const calls = [
    ["GET", (token?: string) => http.get("/registries", token)],
    ["PUT", (token?: string) => http.put(at("nonsense"), {}, token)],
    ["DELETE", (token?: string) => http.delete(at("nonsense"), token)]
  ] as const

  it.each(calls)("needs a caller: %s", async (_method, call) => {
    expect(await call()).toMatchObject({ status: 401, body: { code: "token-missing" } })
  })

  it.each(calls)("needs the permission, and asks for it before anything else: %s", async (_method, call) => {
    const { access } = await newcomer(http)
    expect(await call(access)).toMatchObject({
      status: 403,
      body: { code: "forbidden", permission: "registry:credential" }
    })
  })
})

describe("the event trail", () => {
  it("notes who set and removed credentials for which host, and neither name nor password", async () => {
    await put("ghcr.io")
    await remove("ghcr.io")
    await remove("ghcr.io")
    const by = { userId: expect.any(String), sessionId: expect.any(String), ipAddress: "127.0.0.1" }
    expect(events).toMatchObject([
      { type: "registry.credential.set", outcome: "success", detail: { host: "ghcr.io" }, ...by },
      { type: "registry.credential.removed", outcome: "success", detail: { host: "ghcr.io" }, ...by }
    ])
    expect(events.map(({ detail }) => Object.keys(detail))).toEqual([["host"], ["host"]])
  })

  it("that cannot be written leaves everything as it was", async () => {
    await put("ghcr.io")
    trailIsLost = true
    const answers = [await put("quay.io"), await remove("ghcr.io")]
    trailIsLost = false
    expect(answers.map(({ status }) => status)).toEqual([503, 503])
    expect(await list()).toEqual([{ host: "ghcr.io", username: "ada" }])
  })
})
