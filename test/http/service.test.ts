import { Effect, Layer, Ref } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Check, Health } from "../../src/domain/Health.ts"
import { catalogue } from "../../src/http/api/problem/catalogue.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

const state = Ref.makeUnsafe<ReadonlyArray<Check>>([])
const set = (database: Check["state"], redis: Check["state"]) =>
  Effect.runPromise(
    Ref.set(state, [
      { name: "database", state: database, required: true },
      { name: "redis", state: redis, required: false }
    ])
  )

let http: Http
beforeAll(async () => {
  http = await startHttp(Layer.succeed(Health, Health.of({ checks: Ref.get(state) })))
})
afterAll(() => http.stop())

describe("GET /livez", () => {
  it("says that the process is alive, whatever it depends on", async () => {
    await set("down", "down")
    expect(await http.get("/livez")).toMatchObject({ status: 200, body: { status: "ok" } })
  })
})

describe("GET /readyz", () => {
  it("names each dependency with its state", async () => {
    await set("up", "up")
    expect(await http.get("/readyz")).toMatchObject({
      status: 200,
      body: {
        status: "ok",
        checks: [
          { name: "database", state: "up" },
          { name: "redis", state: "up" }
        ]
      }
    })
  })

  it("is 200 and degraded when only Redis is lost", async () => {
    await set("up", "down")
    expect(await http.get("/readyz")).toMatchObject({ status: 200, body: { status: "degraded" } })
  })

  it("is 503 with Retry-After when the database is lost", async () => {
    await set("down", "up")
    const answer = await http.get("/readyz")
    expect(answer).toMatchObject({ status: 503, body: { status: "unavailable" } })
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/u)
  })
})

describe("GET /.well-known/jwks.json", () => {
  it("publishes public keys alone, and may be kept for a while", async () => {
    const { body, headers } = await http.get("/.well-known/jwks.json")
    expect(body.keys).toEqual([
      { kty: "RSA", n: expect.any(String), e: "AQAB", kid: expect.any(String), use: "sig", alg: "RS256" }
    ])
    expect(headers.get("cache-control")).toMatch(/^public, max-age=\d+$/u)
  })

  it("is not sent again to who has it (RFC 9110 §13.1.2)", async () => {
    const ask = (tags: string) => http.get("/.well-known/jwks.json", undefined, { "if-none-match": tags })
    const { headers, body } = await ask('"another"')
    const tag = String(headers.get("etag"))
    expect(body.keys).toHaveLength(1)
    for (const tags of [tag, `W/${tag}`, `"another", ${tag}`, "*"]) {
      const known = await ask(tags)
      expect(known, tags).toMatchObject({ status: 304, body: "" })
      expect(known.headers.get("etag")).toBe(tag)
      expect(known.headers.get("cache-control")).toBe(headers.get("cache-control"))
    }
    for (const tags of ["", tag.slice(1, -1), tag.slice(0, -2)])
      expect(await ask(tags), tags).toMatchObject({ status: 200 })
  })
})

describe("GET /problems/{code}", () => {
  it.each(Object.keys(catalogue))("explains %s on a page that runs and loads nothing", async (code) => {
    const { status, headers, body } = await http.get(`/problems/${code}`)
    expect(status).toBe(200)
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8")
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/u)
    expect(body).toContain(`<code>${code}</code>`)
  })

  it.each(["nothing", "constructor", "__proto__"])("is not found for %s", async (code) => {
    expect(await http.get(`/problems/${code}`)).toMatchObject({ status: 404, body: { code: "not-found" } })
  })
})

describe("GET /users/me", () => {
  it("answers with the caller, and nothing keeps the answer", async () => {
    const ada = await newcomer(http)
    const answer = await http.get("/users/me", ada.access)
    expect(answer).toMatchObject({ status: 200, body: { email: ada.email, name: null, roles: ["viewer"] } })
    expect(Object.keys(answer.body)).toEqual([
      "id",
      "email",
      "name",
      "roles",
      "permissions",
      "created_at",
      "last_login_at"
    ])
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })
})

describe("/sessions", () => {
  it("lists the caller's live sessions, newest first, with their devices, and knows the current one", async () => {
    const ada = await newcomer(http)
    const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
    const response = await fetch(`${http.url}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": agent },
      body: JSON.stringify({ email: ada.email, password: PASSWORD })
    })
    expect(response.status).toBe(200)
    const { body } = await http.get("/sessions", ada.access)
    expect(body.sessions).toHaveLength(2)
    expect(body.sessions[0]).toEqual({
      id: expect.stringMatching(/^sess_[0-9a-f]{16}$/u),
      kind: "token",
      current: false,
      created_at: expect.stringMatching(/Z$/u),
      last_seen_at: expect.stringMatching(/Z$/u),
      expires_at: expect.stringMatching(/Z$/u),
      ip_address: "127.0.0.1",
      user_agent: agent,
      device: "Firefox on Linux"
    })
    expect(body.sessions[1]).toMatchObject({ id: ada.session, current: true })
  })

  it("ends one of them, and the others live on", async () => {
    const ada = await newcomer(http)
    const other = await http.post("/auth/login", { email: ada.email, password: PASSWORD })
    const gone = await http.delete(`/sessions/${other.body.session_id}`, ada.access)
    expect(gone).toMatchObject({ status: 204, body: "" })
    expect(await http.get("/users/me", other.body.access_token)).toMatchObject({ status: 401 })
    expect((await http.get("/users/me", ada.access)).status).toBe(200)
  })

  it("answers somebody else's session as one that does not exist, or cannot", async () => {
    const [ada, eve] = [await newcomer(http), await newcomer(http)]
    const answers = await Promise.all(
      [ada.session, "sess_0000000000000000", "nonsense", "%2e%2e%2f"].map((id) =>
        http.delete(`/sessions/${id}`, eve.access)
      )
    )
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, "not-found"]))
    const [theirs, nobodys] = answers.map(({ body }) => body.detail)
    expect(theirs).toBe(nobodys)
    expect((await http.get("/users/me", ada.access)).status).toBe(200)
  })
})
