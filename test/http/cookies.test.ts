import { Layer } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Countries } from "../../src/domain/network/Countries.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

const call = async (method: string, path: string, headers: Record<string, string> = {}, body?: object) => {
  const response = await fetch(`${http.url}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    cookie: response.headers.get("set-cookie") ?? "",
    body: text === "" ? undefined : JSON.parse(text)
  }
}

const pair = (setCookie: string) => setCookie.slice(0, setCookie.indexOf(";"))
const ours = () => ({ origin: http.url, "sec-fetch-site": "same-origin" })

/** Somebody's browser, signed in; what it sends with every request. */
const browser = async (headers: Record<string, string> = {}, known?: string) => {
  const email = known ?? (await newcomer(http)).email
  const answer = await call("POST", "/auth/login", headers, { email, password: PASSWORD, mode: "cookie" })
  expect(answer.status).toBe(200)
  return { email, answer, cookie: { cookie: pair(answer.cookie) }, session: String(answer.body.session.id) }
}

describe("signing in with the mode cookie", () => {
  it("sets a cookie of 64 random characters that no script and no other host can touch, and hands out no token", async () => {
    const { answer, email, session } = await browser()
    expect(answer.cookie).toMatch(
      /^__Host-session_id=[\w-]{64}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/u
    )
    expect(answer.body).toMatchObject({
      user: { email, roles: ["viewer"], permissions: ["image:carve", "image:read"] },
      session: { id: session, kind: "cookie", current: true }
    })
    expect(Object.keys(answer.body)).toEqual(["user", "session"])
    expect(answer.headers.get("cache-control")).toBe("no-store")
    const { created_at, expires_at } = answer.body.session
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(24 * 3_600_000)
  })

  it("gives every sign-in another cookie, whatever came with it, and closes the session of the old one", async () => {
    const first = await browser()
    const second = await browser(first.cookie, first.email)
    expect(second.cookie.cookie).not.toBe(first.cookie.cookie)
    expect(await call("GET", "/users/me", first.cookie)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
    expect(await call("GET", "/users/me", second.cookie)).toMatchObject({ status: 200 })

    const fixed = `__Host-session_id=${"A".repeat(64)}`
    const third = await browser({ cookie: fixed }, first.email)
    expect(third.cookie.cookie).not.toBe(fixed)
    expect(await call("GET", "/users/me", { cookie: fixed })).toMatchObject({
      status: 401,
      body: { code: "token-invalid" }
    })
  })

  it("is refused to a page of another origin, and open to programs that are no browsers", async () => {
    const { email } = await newcomer(http)
    const body = { email, password: PASSWORD, mode: "cookie" }
    const evil = await call("POST", "/auth/login", { origin: "https://evil.example" }, body)
    expect(evil).toMatchObject({ status: 403, body: { code: "csrf" }, cookie: "" })
    expect(await call("POST", "/auth/login", ours(), body)).toMatchObject({ status: 200 })
  })
})

describe("a session's cookie", () => {
  it("is good for what a Bearer token is good for", async () => {
    const { cookie, email, session } = await browser()
    expect(await call("GET", "/users/me", cookie)).toMatchObject({ status: 200, body: { email } })
    const { body } = await call("GET", "/sessions", cookie)
    expect(body.sessions).toHaveLength(2)
    expect(body.sessions[0]).toMatchObject({ id: session, kind: "cookie", current: true })
    expect(body.sessions[1]).toMatchObject({ kind: "token", current: false })
    const other = String(body.sessions[1].id)
    expect(await call("DELETE", `/sessions/${other}`, { ...cookie, ...ours() })).toMatchObject({ status: 204 })
  })

  it.each([
    ["nothing", {}, /send Origin/u],
    ["another origin", { origin: "https://evil.example" }, /KEYHOLE_CORS_ORIGINS; this one comes from elsewhere/u],
    ["an opaque origin", { origin: "null" }, /from elsewhere/u],
    ["a site that is not ours", { "sec-fetch-site": "cross-site" }, /from elsewhere/u],
    ["a sister site", { "sec-fetch-site": "same-site" }, /from elsewhere/u],
    ["an address that was typed", { "sec-fetch-site": "none" }, /from elsewhere/u]
  ])("changes nothing with %s to say where the request comes from, and is told so", async (_what, headers, detail) => {
    const { cookie, session } = await browser()
    const refused = await call("DELETE", `/sessions/${session}`, { ...cookie, ...headers })
    expect(refused).toMatchObject({ status: 403, body: { code: "csrf", detail: expect.stringMatching(detail) } })
    expect(await call("POST", "/auth/logout", { ...cookie, ...headers })).toMatchObject({ status: 403 })
    expect(await call("GET", "/users/me", cookie)).toMatchObject({ status: 200 })
  })

  it("changes nothing when one of two header fields disagrees", async () => {
    const { cookie, session } = await browser()
    const mixed = { ...cookie, origin: http.url, "sec-fetch-site": "cross-site" }
    expect(await call("DELETE", `/sessions/${session}`, mixed)).toMatchObject({ status: 403, body: { code: "csrf" } })
  })

  it("does not count beside an access token, which needs no proof of origin", async () => {
    const { cookie } = await browser()
    const { access, session } = await newcomer(http)
    const both = { ...cookie, authorization: `Bearer ${access}` }
    expect(await call("DELETE", `/sessions/${session}`, both)).toMatchObject({ status: 204 })
  })

  it.each(["", "nonsense", "A".repeat(64), "%00", "a".repeat(5000)])(
    "that is not ours is refused: %#",
    async (value) => {
      const answer = await call("GET", "/users/me", { cookie: `__Host-session_id=${value}` })
      expect(answer).toMatchObject({ status: 401, body: { code: "token-invalid" } })
    }
  )

  it("is dead after logging out, which clears it and may come twice", async () => {
    const { cookie } = await browser()
    const out = await call("POST", "/auth/logout", { ...cookie, ...ours() })
    expect(out).toMatchObject({ status: 200, body: { message: "Successfully logged out", revoked: true } })
    expect(out.cookie).toBe("__Host-session_id=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax")
    expect(await call("GET", "/users/me", cookie)).toMatchObject({
      status: 401,
      body: { code: "token-revoked", detail: "Token has been invalidated" }
    })
    expect(await call("POST", "/auth/logout", { ...cookie, ...ours() })).toMatchObject({ status: 200 })
  })

  it("is left to a browser that another site has sent to log out, which comes without it", async () => {
    const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" }
    expect(await call("POST", "/auth/logout", foreign)).toMatchObject({
      status: 200,
      body: { revoked: false },
      cookie: ""
    })
  })

  it("of one browser lives on when another one logs out", async () => {
    const one = await browser()
    const other = await browser({}, one.email)
    await call("POST", "/auth/logout", { ...one.cookie, ...ours() })
    expect(await call("GET", "/users/me", one.cookie)).toMatchObject({ status: 401 })
    expect(await call("GET", "/users/me", other.cookie)).toMatchObject({ status: 200 })
  })
})

describe("where a session came from", () => {
  it("is told by country where that is known, at the sign-in and in the list", async () => {
    const known = await startHttp(Layer.succeed(Countries, { of: (ip) => (ip === "127.0.0.1" ? "IS" : undefined) }))
    const { email, access } = await newcomer(known)
    const { body } = await known.post("/auth/login", { email, password: PASSWORD, mode: "cookie" })
    expect(body.session).toMatchObject({ ip_address: "127.0.0.1", country: "IS" })
    const { sessions } = (await known.get("/sessions", access)).body
    expect(sessions.map((each: { country?: string }) => each.country)).toEqual(["IS", "IS"])
    await known.stop()
  })

  it("is not made up where nobody knows", async () => {
    const { answer } = await browser()
    expect(answer.body.session).not.toHaveProperty("country")
  })
})

describe("a change of the password", () => {
  const NEW_PASSWORD = "a harbour in the morning"
  const passwords = { current_password: PASSWORD, new_password: NEW_PASSWORD }

  it("lets the session go on under a new cookie, and ends the old one and every other session", async () => {
    const { cookie, email, session } = await browser()
    const other = await browser({}, email)
    const answer = await call("PUT", "/users/me/password", { ...cookie, ...ours() }, passwords)
    expect(answer).toMatchObject({ status: 204, body: undefined })
    expect(answer.cookie).toMatch(
      /^__Host-session_id=[\w-]{64}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/u
    )
    const renewed = { cookie: pair(answer.cookie) }
    expect(renewed).not.toEqual(cookie)
    expect((await call("GET", "/users/me", cookie)).status).toBe(401)
    expect((await call("GET", "/users/me", other.cookie)).status).toBe(401)
    const { body } = await call("GET", "/sessions", renewed)
    expect(body.sessions).toEqual([expect.objectContaining({ id: session, kind: "cookie", current: true })])
  })

  it("sets no cookie when it is refused, nor for a token session", async () => {
    const { cookie, email } = await browser()
    const wrong = { ...passwords, current_password: "not the lighthouse" }
    expect(await call("PUT", "/users/me/password", { ...cookie, ...ours() }, wrong)).toMatchObject({
      status: 403,
      body: { code: "wrong-password" },
      cookie: ""
    })
    expect((await call("GET", "/users/me", cookie)).status).toBe(200)
    const { body } = await call("POST", "/auth/login", {}, { email, password: PASSWORD })
    const bearer = { authorization: `Bearer ${body.access_token}`, ...cookie }
    expect(await call("PUT", "/users/me/password", bearer, passwords)).toMatchObject({ status: 204, cookie: "" })
    expect((await call("GET", "/users/me", bearer)).status).toBe(200)
    expect((await call("GET", "/users/me", cookie)).status).toBe(401)
  })

  it("of many at once in one session leaves one cookie that is good", async () => {
    const { cookie } = await browser()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call("PUT", "/users/me/password", { ...cookie, ...ours() }, passwords))
    )
    const won = answers.filter(({ status }) => status === 204)
    expect(won).toHaveLength(1)
    for (const answer of answers) {
      if (answer.status !== 204) expect([401, 403]).toContain(answer.status)
    }
    expect((await call("GET", "/users/me", { cookie: pair(won[0]?.cookie ?? "") })).status).toBe(200)
    expect((await call("GET", "/users/me", cookie)).status).toBe(401)
  })
})

describe("an end to all sessions, and to the account", () => {
  it.each([
    ["/auth/logout-all", undefined],
    ["/users/me/delete", { current_password: PASSWORD }]
  ])("by %s takes the cookie away, and is refused to another origin", async (path, body) => {
    const { cookie } = await browser()
    const evil = await call("POST", path, { ...cookie, origin: "https://evil.example" }, body)
    expect(evil).toMatchObject({ status: 403, body: { code: "csrf" }, cookie: "" })
    const answer = await call("POST", path, { ...cookie, ...ours() }, body)
    expect([200, 204]).toContain(answer.status)
    expect(answer.cookie).toContain("__Host-session_id=; Max-Age=0;")
    expect((await call("GET", "/users/me", cookie)).status).toBe(401)
  })
})
