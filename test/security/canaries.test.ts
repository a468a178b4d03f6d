import { connect } from "node:net"
import { text as textOf } from "node:stream/consumers"
import { gzipSync } from "node:zlib"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { keyhole } from "../cli/keyhole.ts"
import { ada } from "../support/ada.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { type FakeRegistry, fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { type Rest, rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const CANARY = "canary7f3a9"
const PASSWORD = `${CANARY} of a password`
const PAGE = "<!doctype html><script>alert(document.cookie)</script>"

const folder = disposableFolder()
const scope = Scope.makeUnsafe()
let registry: FakeRegistry
let service: Service
let http: Rest
let token: string
let refresh: string

/** Everything the service answered, as text. */
const answers: Array<string> = []
const noted = async (answer: Promise<{ status: number; headers: Headers; body: unknown }>) => {
  const { status, headers, body } = await answer
  answers.push(JSON.stringify({ status, headers: [...headers], body }))
  return status
}

beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(fakeRegistry(), scope))
  const pages = { name: "index.html", content: PAGE }
  const pictures = {
    name: "logo.svg",
    content: `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
  }
  const disguised = { name: "notes.txt", content: PAGE }
  const nameless = { name: 'a"; filename=evil.html', content: PAGE }
  registry.put("team/app", image([gzipSync(tarball(pages, pictures, disguised, nameless))]))
  const env = {
    KEYHOLE_DATA_DIR: folder.path,
    KEYHOLE_ARGON2_MEMORY: "1024",
    KEYHOLE_ARGON2_TIME: "1",
    KEYHOLE_REGISTRY_PRIVATE: registry.host,
    KEYHOLE_REGISTRY_INSECURE: registry.host
  }
  service = await startService(env)
  http = rest(service.url)
  await http.post("/auth/register", ada)
  expect((await Effect.runPromise(keyhole(["users", "grant", ada.email, "operator"], env))).status).toBe(0)
  const { body } = await http.post("/auth/login", ada)
  token = body.access_token
  refresh = body.refresh_token
})
afterAll(async () => {
  await service.end("SIGTERM")
  await Effect.runPromise(Scope.close(scope, Exit.void))
  folder[Symbol.dispose]()
})

/** Bytes as nobody's client would send them. */
const raw = async (lines: ReadonlyArray<string>, body = "") => {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.end(Buffer.from(`${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n${body}`, "latin1"))
  answers.push(await textOf(socket).catch(() => ""))
}

describe("29. Secrets that somebody uses", () => {
  it("and that go wrong in every place, stand in no answer and in no line of the log", async () => {
    const query = `image=${registry.host}/team/app&path=/notes.txt`
    const statuses = [
      // Passwords, in the right place and in wrong ones.
      await noted(http.post("/auth/login", { ...ada, password: `${CANARY} that is wrong` })),
      await noted(http.post("/auth/login", { email: ada.email, password: [PASSWORD] })),
      await noted(http.post("/auth/login", { email: CANARY, password: PASSWORD })),
      await noted(http.post("/auth/register", { ...ada, password: CANARY.slice(0, 5) })),
      await noted(http.put("/users/me/password", { current_password: `${CANARY} x`, new_password: PASSWORD }, token)),
      await noted(http.post("/users/me/delete", { current_password: `${CANARY} x` }, token)),
      // Tokens, forged, cut, in the wrong place.
      await noted(http.get("/users/me", `${token}${CANARY}`)),
      await noted(http.get(`/users/me?access_token=${CANARY}`)),
      await noted(http.get("/users/me", undefined, { cookie: `__Host-session_id=${CANARY}` })),
      await noted(http.get("/users/me", undefined, { authorization: `Basic ${CANARY}` })),
      await noted(http.post("/auth/refresh", { refresh_token: CANARY })),
      await noted(http.post("/auth/refresh", { refresh_token: `${refresh}.${CANARY}` })),
      await noted(http.form("/oauth/introspect", { token: CANARY }, token)),
      await noted(http.form("/oauth/revoke", { token: CANARY })),
      // A registry's login, which the registry refuses, and one for a host that is none.
      await noted(
        http.put(
          `/registries/${encodeURIComponent(registry.host)}/credentials`,
          { username: "ada", password: CANARY },
          token
        )
      ),
      await noted(http.put("/registries/no%20host/credentials", { username: "ada", password: CANARY }, token)),
      await noted(http.get("/registries", token))
    ]
    expect(statuses.filter((status) => status >= 500)).toEqual([])
    // Where blobs are kept, and the signature that opens it.
    const signed = `http://${registry.host}/storage?X-Amz-Signature=${CANARY}`
    for (const [status, location] of [
      [307, signed],
      [307, `http://169.254.169.254/${CANARY}?sig=${CANARY}`],
      [307, `http://ada:${CANARY}@${registry.host}/storage`]
    ] as const) {
      registry.on("/blobs/", (_, response) => response.writeHead(status, { location }).end(), 1)
      expect(await noted(http.get(`/images/file?${query}`, token))).toBeGreaterThanOrEqual(400)
    }
    registry.on(
      "/manifests/",
      (_, response) =>
        response
          .writeHead(401, {
            "www-authenticate": `Bearer realm="http://${registry.host}/token?key=${CANARY}",service="${CANARY}"`
          })
          .end(),
      1
    )
    registry.on("/token", (_, response) => response.writeHead(403).end(CANARY), 1)
    expect(await noted(http.get(`/images/manifest?image=${registry.host}/team/app`, token))).toBeGreaterThanOrEqual(400)

    expect(await noted(http.get("/metrics"))).toBe(200)
    expect(answers.length).toBeGreaterThan(20)
    for (const answer of answers) expect(answer).not.toContain(CANARY)
    expect(service.output()).toContain("listening")
    expect(service.output()).not.toContain(CANARY)
    for (const secret of [token, refresh]) expect(service.output()).not.toContain(secret)
  })
})

describe("29. Line breaks and terminal escapes in what a client says of itself", () => {
  const FORGED = '{"level":"INFO","message":"forged7f3a9"}'

  it("forge no line of the log", async () => {
    const body = JSON.stringify({ email: `eve\r\n${FORGED}\r\n@example.com`, password: "a wrong turn in the fog" })
    const post = (agent: string) => [
      "POST /auth/login HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `User-Agent: ${agent}`
    ]
    for (const agent of [
      `a\r\n ${FORGED}`,
      `a\n${FORGED}`,
      `a\r${FORGED}`,
      `a\x85${FORGED}`,
      `a\x1b[2J${FORGED}`,
      `a\0${FORGED}`
    ])
      await raw(post(agent), body)
    await raw([`GET /${encodeURIComponent(`\r\n${FORGED}`)} HTTP/1.1`, "Host: localhost"])
    await raw([`GET / HTTP/1.1\n${FORGED}`, "Host: localhost"])
    await http.patch("/users/me", { name: `Ada\n${FORGED}` }, token)
    const lines = service
      .output()
      .split("\n")
      .filter((line) => line !== "")
    for (const line of lines) expect(JSON.parse(line), line).not.toMatchObject({ message: "forged7f3a9" })
  })

  it("are in the event trail as what they are, within the one event they belong to", async () => {
    const agent = "evil\tbrowser \u001b[2J"
    await raw([
      "POST /auth/logout-all HTTP/1.1",
      "Host: localhost",
      "Content-Length: 0",
      `User-Agent: ${agent}`,
      `Authorization: Bearer ${token}`
    ])
    const { body } = await http.post("/auth/login", ada)
    token = body.access_token
    const { body: trail } = await http.get("/users/me/events?limit=10", token)
    for (const { user_agent } of trail.events) expect(user_agent ?? "").not.toMatch(/[\r\n]/u)
  })
})

describe("30. A carved file, served to a browser", () => {
  it.each(["/index.html", "/logo.svg", "/notes.txt", '/a"; filename=evil.html'])(
    "%s runs nothing, and is saved",
    async (path) => {
      const query = `image=${registry.host}/team/app&path=${encodeURIComponent(path)}`
      const { status, headers } = await http.download(`/images/file?${query}`, token, { accept: "text/html" })
      expect(status).toBe(200)
      expect(headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/u)
      expect(headers.get("content-security-policy")).not.toMatch(/allow-|unsafe/u)
      expect(headers.get("content-disposition")).toMatch(
        /^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w.%~!#$&+^`|-]+$/u
      )
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin")
    }
  )
})
