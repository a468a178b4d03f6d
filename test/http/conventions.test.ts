import { request as plainRequest } from "node:http"
import { connect } from "node:net"
import { Effect, Redacted } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { TokenSigner } from "../../src/domain/token/TokenSigner.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

const send = async (path: string, init: RequestInit) => {
  const response = await fetch(`${http.url}${path}`, init)
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith("{") ? JSON.parse(text) : text
  }
}

const postJson = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  send(path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } })

/** A request as it is written, for what fetch would tidy up. */
const raw = (lines: ReadonlyArray<string>) =>
  new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(http.url)
    const socket = connect(Number(port), hostname, () =>
      socket.write([...lines, "Connection: close", "", ""].join("\r\n"))
    )
    let answer = ""
    socket.on("data", (chunk) => {
      answer += chunk.toString()
    })
    socket.on("end", () => resolve(answer))
    socket.on("error", reject)
  })

describe("a problem", () => {
  it("is problem+json whose instance is the request id of the header", async () => {
    const answer = await http.get("/nothing/here")
    expect(answer.headers.get("content-type")).toBe("application/problem+json")
    expect(answer.body).toEqual({
      type: "/problems/not-found",
      title: "There is nothing here",
      status: 404,
      detail: "There is nothing here; /docs says what there is",
      code: "not-found",
      instance: answer.headers.get("x-request-id")
    })
  })

  it("has a request id of our own, whatever the client calls itself", async () => {
    const one = await http.get("/livez", undefined, { "x-request-id": "forged" })
    const other = await http.get("/livez")
    expect(one.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/u)
    expect(one.headers.get("x-request-id")).not.toBe(other.headers.get("x-request-id"))
  })
})

describe("a body", () => {
  it.each(["{", "nonsense", '{"email":"ada@example.com",}', "\u0000"])(
    "that is malformed (%j) is 400",
    async (body) => {
      expect(await postJson("/auth/login", body)).toMatchObject({ status: 400, body: { code: "invalid-request" } })
    }
  )

  it("that is not UTF-8 is 400", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"email":"'), 0xff, ...new TextEncoder().encode('"}')])
    expect((await postJson("/auth/login", bytes)).status).toBe(400)
  })

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json; charset=latin1"])(
    "of the type %s is 415",
    async (type) => {
      const answer = await postJson("/auth/login", '{"email":"a@b","password":"c"}', { "content-type": type })
      expect(answer).toMatchObject({ status: 415, body: { code: "invalid-request" } })
    }
  )

  it("that names UTF-8 in its type is read", async () => {
    const answer = await postJson("/auth/login", "{}", { "content-type": "application/json; charset=UTF-8" })
    expect(answer.status).toBe(422)
  })

  it("that is compressed is 415, so that no small body becomes a large one", async () => {
    expect((await postJson("/auth/login", "{}", { "content-encoding": "gzip" })).status).toBe(415)
  })

  it("of 64 KiB is read and one byte more is 413", async () => {
    const padded = (length: number) => `{"email":"${" ".repeat(length - '{"email":""}'.length)}"}`
    expect((await postJson("/auth/login", padded(64 * 1024))).status).toBe(422)
    expect(await postJson("/auth/login", padded(64 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { code: "invalid-request" }
    })
  })

  it("that comes in chunks without a length is limited as well", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = plainRequest(`${http.url}/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" }
      })
      outgoing.on("response", (response) => resolve(response.resume().statusCode))
      outgoing.on("error", reject)
      for (let chunk = 0; chunk < 70; chunk += 1) outgoing.write(" ".repeat(1024))
      outgoing.end()
    })
    expect(status).toBe(413)
  })

  it.each(["[]", "null", "1", '"text"'])("that is %s and no object is 422", async (body) => {
    expect(await postJson("/auth/login", body)).toMatchObject({ status: 422, body: { code: "invalid-request" } })
  })

  it("with __proto__ is refused as what it is, an unknown property", async () => {
    const answer = await postJson(
      "/auth/register",
      `{"__proto__":{"roles":["admin"]},"email":"e@x.org","password":"${PASSWORD}"}`
    )
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: "/__proto__" }] } })
  })

  it("that is nested thousands deep is refused and harms nothing", async () => {
    expect((await postJson("/auth/login", `{"email":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)).status).toBe(422)
    expect((await http.get("/livez")).status).toBe(200)
  })

  it("escapes the names in its pointers as RFC 6901 says", async () => {
    const answer = await postJson("/auth/logout", '{"a/b~c":1}')
    expect(answer.body.errors).toEqual([{ pointer: "/a~1b~0c", detail: "This is not known here" }])
  })
})

describe("what a call cannot accept", () => {
  it("is told in words, not in those of a schema", async () => {
    const said = async (path: string, body: object) => (await http.post(path, body)).body
    expect(await said("/auth/login", { email: 5, password: [], mode: "cooky" })).toMatchObject({
      errors: [
        { pointer: "/email", detail: "Expected a string" },
        { pointer: "/password", detail: "Expected a string" },
        { pointer: "/mode", detail: 'Expected "token" or "cookie"' }
      ]
    })
    expect(await said("/auth/login", [])).toMatchObject({ detail: "Expected a JSON object" })
    const { access } = await newcomer(http)
    const asked = async (path: string) => (await http.get(path, access)).body
    expect(await asked("/users/me/events?limit=many")).toMatchObject({ detail: "/limit: Expected a whole number" })
    expect(await asked("/users/me/events?limit=1.5")).toMatchObject({ detail: "/limit: Expected a whole number" })
    expect(await asked("/images/search?query=")).toMatchObject({ detail: "/query: Expected at least one character" })
    expect(await asked("/images/files?image=a&partial=maybe")).toMatchObject({
      detail: '/partial: Expected "true" or "false"'
    })
  })
})

describe("a query", () => {
  it("with an unknown parameter is 422", async () => {
    expect(await http.get("/livez?verbose=1")).toMatchObject({
      status: 422,
      body: { code: "invalid-request", errors: [{ pointer: "/verbose", detail: "This is not known here" }] }
    })
  })

  it("with a parameter given twice is 422", async () => {
    expect(await http.get("/livez?a=1&a=2")).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/a", detail: "This is given more than once" }] }
    })
  })

  it("that holds a token signs nobody in", async () => {
    const { access } = await newcomer(http)
    expect(await http.get(`/users/me?access_token=${access}`)).toMatchObject({
      status: 401,
      body: { code: "token-missing" }
    })
  })
})

describe("a path", () => {
  it.each(["/LIVEZ", "/livez/", "//livez", "/live%7a", "/users/me/"])(
    "is as written: %s is not found",
    async (path) => {
      expect(await http.get(path)).toMatchObject({ status: 404, body: { code: "not-found" } })
    }
  )

  it("that cannot be decoded is 400", async () => {
    expect(await http.get("/problems/%ff")).toMatchObject({ status: 400, body: { code: "invalid-request" } })
  })
})

describe("a method", () => {
  it("that a path does not have is 405 with those it has", async () => {
    const answer = await send("/livez", { method: "DELETE" })
    expect(answer).toMatchObject({ status: 405, body: { code: "method-not-allowed" } })
    expect(answer.headers.get("allow")).toBe("GET, HEAD")
    expect((await http.get("/auth/login")).headers.get("allow")).toBe("POST")
  })

  it("cannot be overridden by a header", async () => {
    expect((await http.get("/auth/login", undefined, { "x-http-method-override": "POST" })).status).toBe(405)
  })

  it("HEAD is there where GET is, with its header fields and no content", async () => {
    const [get, head] = [await send("/livez", {}), await send("/livez", { method: "HEAD" })]
    expect(head.status).toBe(200)
    expect(head.text).toBe("")
    expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"))
    expect((await send("/users/me", { method: "HEAD" })).status).toBe(401)
  })
})

describe("a call that needs a caller", () => {
  const challenge = (error?: string) =>
    `Bearer realm="keyhole"${error === undefined ? "" : `, error="invalid_token", error_description="${error}"`}`

  it("is 401 with a bare challenge when no token was sent", async () => {
    const answer = await http.get("/users/me")
    expect(answer).toMatchObject({ status: 401, body: { code: "token-missing" } })
    expect(answer.headers.get("www-authenticate")).toBe(challenge())
  })

  it.each(["Basic YWRhOmFkYQ==", "Bearer", "Bearer a b", "nonsense"])(
    "is 401 when the header is %s",
    async (authorization) => {
      expect(await http.get("/users/me", undefined, { authorization })).toMatchObject({
        status: 401,
        body: { code: "token-missing" }
      })
    }
  )

  it("takes the scheme in any case (RFC 9110 §11.1)", async () => {
    const { access } = await newcomer(http)
    expect((await http.get("/users/me", undefined, { authorization: `bEARER ${access}` })).status).toBe(200)
  })

  it("is 401 with error and description when the token is no good", async () => {
    const { refresh } = await newcomer(http)
    for (const token of ["nonsense", "a.b.c", refresh]) {
      const answer = await http.get("/users/me", token)
      expect(answer).toMatchObject({ status: 401, body: { code: "token-invalid", detail: "Invalid token" } })
      expect(answer.headers.get("www-authenticate")).toBe(challenge("Invalid token"))
    }
  })

  it("is 401 when the token has expired", async () => {
    const { session } = await newcomer(http)
    const expired = await http.run(
      Effect.gen(function* () {
        const signer = yield* TokenSigner
        const { issuer, audience } = yield* TokenSettings
        const then = Math.floor(Date.now() / 1000) - 3600
        const times = { iat: then, nbf: then, exp: then + 60 }
        const names = {
          iss: issuer,
          aud: audience,
          sub: "somebody",
          sid: session,
          jti: "A".repeat(22),
          client_id: "keyhole"
        }
        return yield* signer.sign("at+jwt", { ...names, ...times, roles: [], scope: "" }, yield* signer.currentKey)
      })
    )
    const answer = await http.get("/users/me", Redacted.value(expired))
    expect(answer).toMatchObject({ status: 401, body: { code: "token-expired", detail: "Token has expired" } })
    expect(answer.headers.get("www-authenticate")).toBe(challenge("Token has expired"))
  })

  it("asks who calls before it looks at what was sent", async () => {
    expect((await http.delete("/sessions/nonsense")).status).toBe(401)
    expect((await http.get("/users/me?nonsense=1")).status).toBe(401)
  })
})

describe("what is no HTTP at all", () => {
  it("is answered with a problem: header fields beyond 16 KiB, such as a token of 1 MB", async () => {
    const answer = await raw(["GET /users/me HTTP/1.1", "Host: x", `Authorization: Bearer ${"a".repeat(1_000_000)}`])
    expect(answer).toMatch(/^HTTP\/1\.1 431 /u)
    expect(answer).toContain('"code":"invalid-request"')
  })

  it("is answered with a problem: a line that is no request", async () => {
    expect(await raw(["nonsense"])).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/u
    )
  })
})

describe("a request's host", () => {
  it.each([
    ["is missing", []],
    ["is given twice", ["Host: a", "Host: b"]]
  ])("that %s is 400 (RFC 9112 §3.2)", async (_what, hosts) => {
    const answer = await raw(["GET /livez HTTP/1.1", ...hosts])
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u)
    expect(answer).toContain('"code":"invalid-request"')
  })

  it("may be missing in HTTP/1.0", async () => {
    expect(await raw(["GET /livez HTTP/1.0"])).toMatch(/^HTTP\/1\.1 200 /u)
  })
})

describe("an expectation", () => {
  it("that nobody knows is not minded", async () => {
    expect(await raw(["GET /livez HTTP/1.1", "Host: x", "Expect: wonders"])).toMatch(/^HTTP\/1\.1 200 /u)
  })
})

describe("every answer", () => {
  it.each(["/livez", "/nothing", "/users/me"])(
    "tells browsers to run, frame, sniff and refer nothing: %s",
    async (path) => {
      const { headers } = await http.get(path)
      expect(headers.get("content-security-policy")).toContain("default-src 'none'")
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("referrer-policy")).toBe("no-referrer")
      expect(headers.get("x-powered-by")).toBeNull()
      expect(headers.get("cache-control")).toBe("no-store")
    }
  )

  it("allows no other origin", async () => {
    const answer = await http.get("/livez", undefined, { origin: "https://evil.example" })
    expect(answer.headers.get("access-control-allow-origin")).toBeNull()
  })
})
