import { Duration, Effect, Layer } from "effect"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { SessionSettings } from "../../src/domain/session/SessionSettings.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import { PASSWORD } from "../support/ada.ts"
import { browser, SESSION_COOKIE, signedIn } from "../support/browser.ts"
import { type Http, newcomer, newcomerWith, startHttp } from "../support/http.ts"
import { stillClock } from "../support/stillClock.ts"
import { sessionSettings } from "../support/useCases.ts"

const NEW_PASSWORD = "a harbour in the morning"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

const INVALIDATED = { status: 401, body: { code: "token-revoked", detail: "Token has been invalidated" } }

/** Somebody new, and what they sign in with. */
const person = async (service: Http = http) => {
  const { email, ...account } = await newcomer(service)
  return { ...account, credentials: { email, password: PASSWORD } }
}

const withCookie = (cookie: string, service: Http = http) => service.get("/users/me", undefined, { cookie })

describe("the two browsers of one person, and of two", () => {
  it.each(["one person", "two people"])("with tokens, of %s: A logs out and is refused, B works", async (who) => {
    const ada = await person()
    const bob = who === "one person" ? ada : await person()
    const a = (await http.post("/auth/login", ada.credentials)).body.access_token
    const b = (await http.post("/auth/login", bob.credentials)).body.access_token
    for (const token of [a, b]) expect((await http.get("/users/me", token)).status).toBe(200)
    expect((await http.post("/auth/logout", undefined, a)).body).toEqual({
      message: "Successfully logged out",
      detail: "Token has been invalidated",
      revoked: true
    })
    expect(await http.get("/users/me", a)).toMatchObject(INVALIDATED)
    expect(await http.get("/users/me", b)).toMatchObject({ status: 200, body: { email: bob.credentials.email } })
  })

  it.each(["one person", "two people"])("with cookies, of %s: A logs out and is refused, B works", async (who) => {
    const ada = await person()
    const bob = who === "one person" ? ada : await person()
    const [a, b] = [await signedIn(http.url, ada.credentials), await signedIn(http.url, bob.credentials)]
    for (const { call } of [a, b]) expect((await call("GET", "/users/me")).status).toBe(200)
    const stolen = a.cookie()
    expect((await a.call("POST", "/auth/logout")).body).toEqual({
      message: "Successfully logged out",
      detail: "Token has been invalidated",
      revoked: true
    })
    expect(a.cookie()).toBe("")
    expect(await withCookie(stolen)).toMatchObject(INVALIDATED)
    expect(await b.call("GET", "/users/me")).toMatchObject({ status: 200, body: { email: bob.credentials.email } })
  })
})

describe("8. A cookie of before", () => {
  it.each(["A".repeat(64), "", "0"])("a sign-in is not the one after it, and is worth nothing: %j", async (value) => {
    const { credentials } = await person()
    const planted = `${SESSION_COOKIE}=${value}`
    const own = await signedIn(http.url, credentials, planted)
    expect(own.cookie()).not.toBe(planted)
    expect((await withCookie(planted)).status).toBe(401)
    expect((await own.call("GET", "/users/me")).status).toBe(200)
  })

  it("a sign-in over the attacker's own session is neither the attacker's after it, nor lives on", async () => {
    const [eve, ada] = [await person(), await person()]
    const attacker = await signedIn(http.url, eve.credentials)
    const victim = await signedIn(http.url, ada.credentials, attacker.cookie())
    expect(victim.session).not.toBe(attacker.session)
    expect(await withCookie(attacker.cookie())).toMatchObject(INVALIDATED)
    expect((await victim.call("GET", "/users/me")).body.email).toBe(ada.credentials.email)
  })

  it("a sign-in that fails takes nothing away from anybody", async () => {
    const { credentials } = await person()
    const own = await signedIn(http.url, credentials)
    const wrong = { ...credentials, password: NEW_PASSWORD, mode: "cookie" }
    expect((await own.call("POST", "/auth/login", wrong)).status).toBe(401)
    expect((await own.call("GET", "/users/me")).status).toBe(200)
  })

  it("a change of the password is dead after it; the session goes on under another one", async () => {
    const { credentials } = await person()
    const own = await signedIn(http.url, credentials)
    const before = own.cookie()
    const change = { current_password: PASSWORD, new_password: NEW_PASSWORD }
    expect((await own.call("PUT", "/users/me/password", change)).status).toBe(204)
    expect(own.cookie()).not.toBe(before)
    expect((await withCookie(before)).status).toBe(401)
    expect((await own.call("GET", "/sessions")).body.sessions).toMatchObject([{ id: own.session, current: true }])
  })
})

describe("9. After a log-out", () => {
  it("the access token, the refresh token and the cookie of the session are refused, whichever of them it was made with", async () => {
    for (const by of ["access", "refresh", "cookie"] as const) {
      const { access, refresh, credentials } = await person()
      const own = await signedIn(http.url, credentials)
      const stolen = own.cookie()
      if (by === "access") await http.post("/auth/logout", undefined, access)
      if (by === "refresh") await http.post("/auth/logout", { refresh_token: refresh })
      if (by === "cookie") await own.call("POST", "/auth/logout")
      if (by === "cookie") expect(await withCookie(stolen), by).toMatchObject(INVALIDATED)
      else {
        expect(await http.get("/users/me", access), by).toMatchObject(INVALIDATED)
        expect(await http.post("/auth/refresh", { refresh_token: refresh }), by).toMatchObject(INVALIDATED)
      }
    }
  })

  it("all of them that came with it are refused at once", async () => {
    const { access, refresh, credentials } = await person()
    const other = (await http.post("/auth/login", credentials)).body
    const own = await signedIn(http.url, credentials)
    const stolen = own.cookie()
    const out = await own.call(
      "POST",
      "/auth/logout",
      { refresh_token: other.refresh_token },
      { authorization: `Bearer ${access}` }
    )
    expect(out).toMatchObject({ status: 200, body: { revoked: true } })
    expect(await http.get("/users/me", access)).toMatchObject(INVALIDATED)
    expect(await http.get("/users/me", other.access_token)).toMatchObject(INVALIDATED)
    expect(await http.post("/auth/refresh", { refresh_token: refresh })).toMatchObject(INVALIDATED)
    expect(await withCookie(stolen)).toMatchObject(INVALIDATED)
  })

  it("a second one, and one with what nobody ever gave out, are 200; what they say of it is true", async () => {
    const { access, credentials } = await person()
    const own = await signedIn(http.url, credentials)
    const stolen = own.cookie()
    const outs = [
      await http.post("/auth/logout", undefined, access),
      await http.post("/auth/logout", undefined, access),
      await own.call("POST", "/auth/logout"),
      await browser(http.url, stolen).call("POST", "/auth/logout"),
      await http.post("/auth/logout"),
      await http.post("/auth/logout", undefined, "nonsense"),
      await browser(http.url, `${SESSION_COOKIE}=${"A".repeat(64)}`).call("POST", "/auth/logout")
    ]
    expect(outs.map(({ status }) => status)).toEqual(outs.map(() => 200))
    expect(outs.map(({ body }) => body.revoked)).toEqual([true, true, true, true, false, false, false])
  })
})

describe("on a clock that the test moves", () => {
  let timed: Http
  let pass: ReturnType<typeof stillClock>["pass"]
  const lifetime = { ttl: Duration.hours(4), max: Duration.hours(10), idle: Duration.hours(1) }
  beforeEach(async () => {
    const settings = Layer.succeed(SessionSettings, { ...sessionSettings, ...lifetime })
    const clock = stillClock()
    pass = clock.pass
    timed = await startHttp(Layer.merge(settings, clock.layer))
  })
  afterEach(() => timed.stop())
  const EXPIRED = { status: 401, body: { code: "token-expired", detail: "Token has expired" } }

  it("9. an access token that is over still logs out its session", async () => {
    const { access, refresh } = await person(timed)
    pass("31 minutes")
    expect(await timed.get("/users/me", access)).toMatchObject(EXPIRED)
    expect(await timed.post("/auth/logout", undefined, access)).toMatchObject({ status: 200, body: { revoked: true } })
    expect(await timed.post("/auth/refresh", { refresh_token: refresh })).toMatchObject(INVALIDATED)
  })

  it("10. a session that is left unused ends when that is configured, and being used again does not bring it back", async () => {
    const { credentials } = await person(timed)
    const own = await signedIn(timed.url, credentials)
    pass("59 minutes")
    expect((await own.call("GET", "/users/me")).status).toBe(200)
    pass("59 minutes")
    expect((await own.call("GET", "/users/me")).status).toBe(200)
    pass("60 minutes")
    for (const _ of [1, 2]) expect(await own.call("GET", "/users/me")).toMatchObject(EXPIRED)
  })

  it("10. a session that is used all the time slides, and ends at its absolute end all the same", async () => {
    const { credentials } = await person(timed)
    const own = await signedIn(timed.url, credentials)
    const { body: before } = await own.call("GET", "/sessions")
    const absolute = Date.parse(before.sessions[0].created_at) + Duration.toMillis(lifetime.max)
    for (let half = 1; half < 20; half++) {
      pass("30 minutes")
      const { status, body } = await own.call("GET", "/sessions")
      expect(status).toBe(200)
      const current = body.sessions.find((each: { readonly current: boolean }) => each.current)
      expect(Date.parse(current.expires_at)).toBeLessThanOrEqual(absolute)
    }
    // A new secret is the same session: it gains no time.
    await own.call("PUT", "/users/me/password", { current_password: PASSWORD, new_password: NEW_PASSWORD })
    expect((await own.call("GET", "/users/me")).status).toBe(200)
    pass("30 minutes")
    expect(await own.call("GET", "/users/me")).toMatchObject(EXPIRED)
  })

  it("12. an old refresh token that comes back later ends the family, the live token included", async () => {
    const { refresh } = await person(timed)
    const first = (await timed.post("/auth/refresh", { refresh_token: refresh })).body
    pass("10 seconds")
    expect((await timed.post("/auth/refresh", { refresh_token: refresh })).body.refresh_token).toBe(first.refresh_token)
    pass("1 second")
    expect(await timed.post("/auth/refresh", { refresh_token: refresh })).toMatchObject({
      status: 401,
      body: { code: "refresh-reused" }
    })
    expect(await timed.get("/users/me", first.access_token)).toMatchObject(INVALIDATED)
    expect(await timed.post("/auth/refresh", { refresh_token: first.refresh_token })).toMatchObject(INVALIDATED)
  })
})

describe("11. The cap of live sessions", () => {
  it("holds under fifty sign-ins at once, with tokens and with cookies; what was closed for it is refused", async () => {
    const { access, credentials } = await person()
    const attempts = Array.from({ length: 50 }, async (_, index) => {
      if (index % 2 === 0) {
        const { status, body } = await http.post("/auth/login", credentials)
        return { status, id: body.session_id, use: () => http.get("/users/me", body.access_token) }
      }
      const own = await signedIn(http.url, credentials)
      return { status: 200, id: own.session, use: () => own.call("GET", "/users/me") }
    })
    const opened = await Promise.all(attempts)
    expect(opened.map(({ status }) => status)).toEqual(opened.map(() => 200))
    expect(await http.get("/users/me", access)).toMatchObject(INVALIDATED)
    const alive = []
    for (const { id, use } of opened) {
      const answer = await use()
      if (answer.status === 200) alive.push({ id, use })
      else expect(answer).toMatchObject(INVALIDATED)
    }
    expect(alive).toHaveLength(sessionSettings.atMost)
    const reader = await signedIn(http.url, credentials)
    const { sessions } = (await reader.call("GET", "/sessions")).body
    expect(sessions).toHaveLength(sessionSettings.atMost)
  })
})

describe("12. Fifty refreshes of one token at once", () => {
  it("give one family with one live token; nobody is logged out", async () => {
    const { refresh, session } = await person()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => http.post("/auth/refresh", { refresh_token: refresh }))
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const handedOut = new Set(answers.map(({ body }) => String(body.refresh_token)))
    expect(handedOut.size).toBe(1)
    for (const { body } of answers) {
      expect(body.session_id).toBe(session)
      expect((await http.get("/users/me", body.access_token)).status).toBe(200)
    }
    const leaves = await http.run(
      Effect.flatMap(Database, ({ read }) =>
        read((tables) =>
          tables
            .selectFrom("refresh_token")
            .select("id")
            .where("session_id", "=", session)
            .where("consumed_at", "is", null)
            .execute()
        )
      )
    )
    expect(leaves).toHaveLength(1)
    expect((await http.post("/auth/refresh", { refresh_token: [...handedOut][0] })).status).toBe(200)
  })
})

describe("13. A refresh in flight while the session is revoked", () => {
  it.each(["log-out", "log-out everywhere", "another's closing it"])("by %s does not bring it back", async (how) => {
    for (let round = 0; round < 5; round++) {
      const { access, refresh, session, credentials } = await person()
      const { body: other } = await http.post("/auth/login", credentials)
      const refreshing = () => Array.from({ length: 10 }, () => http.post("/auth/refresh", { refresh_token: refresh }))
      const end = {
        "log-out": () => http.post("/auth/logout", undefined, access),
        "log-out everywhere": () => http.post("/auth/logout-all", undefined, other.access_token),
        "another's closing it": () => http.delete(`/sessions/${session}`, other.access_token)
      }[how]
      const before = refreshing()
      const ended = await end?.()
      const answers = await Promise.all([...before, ...refreshing()])
      expect([200, 204]).toContain(ended?.status)
      for (const { status, body } of answers) {
        expect([200, 401]).toContain(status)
        if (status === 200) {
          expect(await http.get("/users/me", body.access_token)).toMatchObject(INVALIDATED)
          expect(await http.post("/auth/refresh", { refresh_token: body.refresh_token })).toMatchObject(INVALIDATED)
        }
      }
    }
  })
})

describe("15. What other sites can make a browser send", () => {
  const foreign = [
    ["a form", "application/x-www-form-urlencoded", "current_password=x"],
    [
      "a form with a file",
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--'
    ],
    ["JSON as text", "text/plain", JSON.stringify({ current_password: PASSWORD })],
    ["JSON as nothing", "", JSON.stringify({ current_password: PASSWORD })]
  ] as const
  const from = [
    ["nowhere it would say", {}],
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a sandbox", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["a sister site", { origin: "https://app.evil.example", "sec-fetch-site": "same-site" }]
  ] as const

  it.each(from)("from %s, the cookie with it, changes nothing", async (_from, headers) => {
    const { credentials } = await person()
    const own = await signedIn(http.url, credentials)
    for (const [what, type, body] of foreign) {
      for (const path of ["/users/me/delete", "/auth/logout-all", "/auth/logout"]) {
        const { status } = await fetch(`${http.url}${path}`, {
          method: "POST",
          headers: { ...headers, cookie: own.cookie(), "content-type": type },
          body
        })
        expect([403, 415], `${what} to ${path}`).toContain(status)
      }
    }
    expect((await own.call("GET", "/users/me")).status).toBe(200)
  })

  it.each(foreign)(
    "is %s, and no call takes it for its body, from a page of ours neither",
    async (_what, type, body) => {
      const { credentials } = await person()
      const own = await signedIn(http.url, credentials)
      const headers = { origin: http.url, cookie: own.cookie(), "content-type": type }
      const { status } = await fetch(`${http.url}/users/me/delete`, { method: "POST", headers, body })
      expect(status).toBe(415)
      expect((await own.call("GET", "/users/me")).status).toBe(200)
    }
  )

  /** Everything that is kept, but when a session was last seen. */
  const kept = Effect.flatMap(Database, ({ read }) =>
    read(async (tables) => ({
      sessions: await tables.selectFrom("session").select(["id", "closed_at", "secret_hash"]).orderBy("id").execute(),
      tokens: await tables.selectFrom("refresh_token").selectAll().orderBy("id").execute(),
      users: await tables.selectFrom("user").selectAll().orderBy("id").execute(),
      roles: await tables.selectFrom("user_role").selectAll().orderBy("user_id").execute(),
      revoked: await tables.selectFrom("token_entry").selectAll().orderBy("key").execute(),
      logins: await tables.selectFrom("registry_credential").selectAll().orderBy("host").execute()
    }))
  )

  it("is a link or a picture: no path answers a GET or a HEAD by changing anything, for an administrator neither", async () => {
    const root = await newcomerWith(http, "admin")
    const own = await signedIn(http.url, { email: root.email, password: PASSWORD })
    const before = await http.run(kept)
    const paths = new Set(allRoutes.map(({ endpoint }) => endpoint.path))
    expect(paths.size).toBeGreaterThan(30)
    for (const path of paths) {
      const target = path.replace(":id", root.id).replace(":name", "viewer").replace(":host", "ghcr.io")
      for (const method of ["GET", "HEAD"]) {
        const { status } = await own.call(method, `${target}?_method=DELETE`, undefined, {
          origin: "https://evil.example"
        })
        expect(status, `${method} ${target}`).toBeLessThan(500)
      }
    }
    expect(await http.run(kept)).toEqual(before)
  })
})
