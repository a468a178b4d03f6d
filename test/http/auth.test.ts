import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

describe("POST /auth/register", () => {
  it("answers 201 with tokens, and the new user has the role viewer", async () => {
    const answer = await http.post("/auth/register", { email: "ada@example.com", password: PASSWORD, name: "Ada" })
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/u),
      token_type: "Bearer",
      expires_in: 1800,
      refresh_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/u),
      refresh_expires_in: 604800,
      session_id: expect.stringMatching(/^sess_[0-9a-f]{16}$/u),
      user: {
        id: expect.any(String),
        email: "ada@example.com",
        name: "Ada",
        roles: ["viewer"],
        permissions: ["image:carve", "image:read"],
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u),
        last_login_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u)
      }
    })
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })

  it("refuses an address that is taken, whatever its case", async () => {
    await http.post("/auth/register", { email: "grace@example.com", password: PASSWORD })
    expect(await http.post("/auth/register", { email: "GRACE@example.com", password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: "email-taken", type: "/problems/email-taken" }
    })
  })

  it.each([
    ["short", "too short"],
    ["x".repeat(257), "too long"],
    ["password1234567", "commonly used"],
    ["keyholekeyholekeyhole", "product"]
  ])("says which rule the password %s breaks", async (password, rule) => {
    const answer = await http.post("/auth/register", { email: "weak@example.com", password })
    expect(answer).toMatchObject({ status: 422, body: { code: "weak-password" } })
    expect(answer.body.detail).toContain(rule)
    expect(answer.body.errors).toEqual([{ pointer: "/password", detail: answer.body.detail }])
  })

  it.each(["role", "roles", "isAdmin", "permissions", "id", "constructor"])(
    "refuses the unknown property %s, so that nobody believes it worked",
    async (property) => {
      const answer = await http.post("/auth/register", {
        email: "eve@example.com",
        password: PASSWORD,
        [property]: ["admin"]
      })
      expect(answer).toMatchObject({
        status: 422,
        body: { code: "invalid-request", errors: [{ pointer: `/${property}`, detail: "This is not known here" }] }
      })
    }
  )
})

describe("a name to show", () => {
  it.each(["", "a".repeat(101), "a\nb", "a\u2028b", "\ud800"])("is not %j", async (name) => {
    const answer = await http.post("/auth/register", { email: "name@example.com", password: PASSWORD, name })
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-request", errors: [{ pointer: "/name" }] } })
  })
})

describe("POST /auth/login", () => {
  it("opens a new session beside the one there is", async () => {
    const ada = await newcomer(http)
    const answer = await http.post("/auth/login", { email: ada.email, password: PASSWORD, mode: "token" })
    expect(answer.status).toBe(200)
    expect(answer.body.session_id).not.toBe(ada.session)
    expect((await http.get("/users/me", ada.access)).status).toBe(200)
  })

  it("answers an unknown email as it answers a wrong password: the same words and headers", async () => {
    const { email } = await newcomer(http)
    const wrong = await http.post("/auth/login", { email, password: "not the lighthouse" })
    const unknown = await http.post("/auth/login", { email: "nobody@example.com", password: "not the lighthouse" })
    const plain = ({ headers, body }: typeof wrong) => ({
      headers: [...headers].filter(([name]) => name !== "x-request-id" && name !== "date"),
      body: { ...body, instance: "" }
    })
    expect(wrong).toMatchObject({ status: 401, body: { code: "invalid-credentials" } })
    expect(plain(unknown)).toEqual(plain(wrong))
    expect(wrong.headers.get("www-authenticate")).toBe('Bearer realm="keyhole"')
  })

  it("points at everything that is wrong with the body at once", async () => {
    const answer = await http.post("/auth/login", { email: "nonsense", pin: 1 })
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      "/email",
      "/password",
      "/pin"
    ])
  })

  it("never repeats what was sent", async () => {
    const answer = await http.post("/auth/login", {
      email: "canary-email",
      password: ["canary-password"],
      mode: "canary-mode"
    })
    expect(JSON.stringify(answer.body)).not.toContain("canary")
  })
})

describe("POST /auth/refresh", () => {
  it("answers with a new refresh token, and with the live one again when the old one comes back at once", async () => {
    const { refresh } = await newcomer(http)
    const first = await http.post("/auth/refresh", { refresh_token: refresh })
    const second = await http.post("/auth/refresh", { refresh_token: refresh })
    expect(first.status).toBe(200)
    expect(first.body.refresh_token).not.toBe(refresh)
    expect(second.body.refresh_token).toBe(first.body.refresh_token)
  })

  it("refuses an access token, and says in the challenge that the token is no good", async () => {
    const { access } = await newcomer(http)
    const answer = await http.post("/auth/refresh", { refresh_token: access })
    expect(answer).toMatchObject({ status: 401, body: { code: "token-invalid", detail: "Invalid token" } })
    expect(answer.headers.get("www-authenticate")).toBe(
      'Bearer realm="keyhole", error="invalid_token", error_description="Invalid token"'
    )
  })
})

describe("POST /auth/logout", () => {
  const done = { message: "Successfully logged out", detail: "Token has been invalidated", revoked: true }

  it("closes the session of the access token; twice is fine", async () => {
    const { access, refresh } = await newcomer(http)
    expect(await http.post("/auth/logout", undefined, access)).toMatchObject({ status: 200, body: done })
    expect(await http.post("/auth/logout", undefined, access)).toMatchObject({ status: 200, body: done })
    expect(await http.get("/users/me", access)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
    expect(await http.post("/auth/refresh", { refresh_token: refresh })).toMatchObject({
      status: 401,
      body: { code: "token-revoked" }
    })
  })

  it("closes the session of the refresh token", async () => {
    const { access, refresh } = await newcomer(http)
    expect((await http.post("/auth/logout", { refresh_token: refresh })).body).toEqual(done)
    expect((await http.get("/users/me", access)).status).toBe(401)
  })

  it.each([undefined, "nonsense", "a.b.c"])("answers 200 and revokes nothing for the token %s", async (token) => {
    expect(await http.post("/auth/logout", {}, token)).toMatchObject({ status: 200, body: { revoked: false } })
  })
})
