import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

const NEW_PASSWORD = "a harbour in the morning"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

const login = (email: string, password = PASSWORD) => http.post("/auth/login", { email, password })
const changePassword = (token: string, current: string, next = NEW_PASSWORD) =>
  http.put("/users/me/password", { current_password: current, new_password: next }, token)
const alive = async (token: string) => (await http.get("/users/me", token)).status === 200

describe("PATCH /users/me", () => {
  it("gives another name, or none, and answers with the user", async () => {
    const ada = await newcomer(http)
    const { status, body } = await http.patch("/users/me", { name: "Ada" }, ada.access)
    expect({ status, body }).toMatchObject({ status: 200, body: { name: "Ada", email: ada.email, roles: ["viewer"] } })
    expect((await http.get("/users/me", ada.access)).body).toEqual(body)
    expect((await http.patch("/users/me", { name: null }, ada.access)).body.name).toBeNull()
  })

  it.each([{}, { name: "" }, { name: "a\nb" }, { name: 1 }, { name: "Ada", email: "eve@example.com" }])(
    "refuses %j",
    async (body) => {
      const ada = await newcomer(http)
      expect(await http.patch("/users/me", body, ada.access)).toMatchObject({
        status: 422,
        body: { code: "invalid-request" }
      })
      expect((await http.get("/users/me", ada.access)).body).toMatchObject({ name: null, email: ada.email })
    }
  )
})

describe("PUT /users/me/password", () => {
  it("lets in with the new password alone, and ends every session but this one", async () => {
    const ada = await newcomer(http)
    const { body: other } = await login(ada.email)
    expect(await changePassword(ada.access, PASSWORD)).toMatchObject({ status: 204, body: "" })
    expect((await login(ada.email)).status).toBe(401)
    expect((await login(ada.email, NEW_PASSWORD)).status).toBe(200)

    expect(await http.get("/users/me", other.access_token)).toMatchObject({ body: { code: "token-revoked" } })
    const refreshed = await http.post("/auth/refresh", { refresh_token: other.refresh_token })
    expect(refreshed).toMatchObject({ status: 401, body: { code: "token-revoked" } })
    expect(await alive(ada.access)).toBe(true)
    expect((await http.post("/auth/refresh", { refresh_token: ada.refresh })).status).toBe(200)
  })

  it("is 403 when the current password is not right, and changes nothing", async () => {
    const ada = await newcomer(http)
    const { body: other } = await login(ada.email)
    expect(await changePassword(ada.access, "not the lighthouse")).toMatchObject({
      status: 403,
      body: { code: "wrong-password", type: "/problems/wrong-password" }
    })
    expect(await alive(other.access_token)).toBe(true)
    expect((await login(ada.email)).status).toBe(200)
  })

  it.each([
    ["short", "too short"],
    ["password1234567", "commonly used"],
    ["keyholekeyholekeyhole", "product"]
  ])("says which rule the new password %s breaks, and points at it", async (password, rule) => {
    const ada = await newcomer(http)
    const answer = await changePassword(ada.access, PASSWORD, password)
    expect(answer).toMatchObject({ status: 422, body: { code: "weak-password" } })
    expect(answer.body.detail).toContain(rule)
    expect(answer.body.errors).toEqual([{ pointer: "/new_password", detail: answer.body.detail }])
  })

  it("of two at once lets one win; the other one's current password is wrong by then", async () => {
    const ada = await newcomer(http)
    const next = ["a harbour in the morning", "a meadow in the evening"]
    const answers = await Promise.all(next.map((password) => changePassword(ada.access, PASSWORD, password)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 403]))
    const logins = await Promise.all(next.map((password) => login(ada.email, password)))
    expect(logins.map(({ status }) => status === 200)).toEqual(answers.map(({ status }) => status === 204))
  })
})

describe("POST /users/me/delete", () => {
  it("deletes the account: no token works any more, and the address is free", async () => {
    const ada = await newcomer(http)
    const { body: other } = await login(ada.email)
    expect(await http.post("/users/me/delete", { current_password: PASSWORD }, ada.access)).toMatchObject({
      status: 204,
      body: ""
    })
    for (const token of [ada.access, other.access_token]) {
      expect(await http.get("/users/me", token)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
    }
    for (const token of [ada.refresh, other.refresh_token]) {
      expect((await http.post("/auth/refresh", { refresh_token: token })).status).toBe(401)
    }
    expect((await login(ada.email)).status).toBe(401)
    const again = await http.post("/auth/register", { email: ada.email, password: PASSWORD })
    expect(again.status).toBe(201)
    expect(again.body.user.id).not.toBe(ada.id)
    expect(await alive(ada.access)).toBe(false)
  })

  it("deletes nothing when the password is not right, or not sent", async () => {
    const ada = await newcomer(http)
    const wrong = { current_password: "not the lighthouse" }
    expect(await http.post("/users/me/delete", wrong, ada.access)).toMatchObject({
      status: 403,
      body: { code: "wrong-password" }
    })
    expect((await http.post("/users/me/delete", {}, ada.access)).status).toBe(422)
    expect(await alive(ada.access)).toBe(true)
  })
})

describe("POST /auth/logout-all", () => {
  it("ends all sessions of the caller and nobody else's, and tells how many", async () => {
    const [ada, bob] = [await newcomer(http), await newcomer(http)]
    const { body: other } = await login(ada.email)
    const answer = await http.post("/auth/logout-all", undefined, ada.access)
    expect(answer).toMatchObject({ status: 200, body: { sessions_revoked: 2 } })
    expect([await alive(ada.access), await alive(other.access_token), await alive(bob.access)]).toEqual([
      false,
      false,
      true
    ])
    expect((await http.post("/auth/logout-all", undefined, ada.access)).status).toBe(401)
  })
})

describe("GET /users/me/events", () => {
  const events = async (token: string, query = "") => (await http.get(`/users/me/events${query}`, token)).body

  it("is what happened to the caller, newest first, as the contract writes it", async () => {
    const ada = await newcomer(http)
    const { body: other } = await login(ada.email)
    await http.delete(`/sessions/${other.session_id}`, ada.access)
    const common = {
      id: expect.any(String),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u),
      outcome: "success",
      user_id: ada.id,
      actor_id: ada.id,
      ip_address: "127.0.0.1",
      user_agent: "node"
    }
    expect(await events(ada.access)).toEqual({
      events: [
        { ...common, type: "session.closed", session_id: other.session_id, detail: { reason: "closed-by-user" } },
        { ...common, type: "sign-in.succeeded", session_id: other.session_id },
        { ...common, type: "sign-in.succeeded", session_id: ada.session },
        { ...common, type: "user.registered" }
      ]
    })
  })

  it("does not tell why a sign-in or a change of the password failed", async () => {
    const ada = await newcomer(http)
    await login(ada.email, "not the lighthouse")
    await changePassword(ada.access, "not the lighthouse")
    const [change, signIn] = (await events(ada.access)).events
    expect(change).toMatchObject({ type: "password.changed", outcome: "failure", ip_address: "127.0.0.1" })
    expect(signIn).toMatchObject({ type: "sign-in.failed", outcome: "failure", ip_address: "127.0.0.1" })
    for (const event of [change, signIn]) expect(event).not.toHaveProperty("detail")
  })

  it("comes in pages that miss nothing and repeat nothing", async () => {
    const ada = await newcomer(http)
    for (const name of ["a", "b", "c"]) await login(ada.email, `not the lighthouse ${name}`)
    const all = (await events(ada.access)).events
    expect(all).toHaveLength(5)
    const first = await events(ada.access, "?limit=2")
    const second = await events(ada.access, `?limit=2&before=${first.next}`)
    const third = await events(ada.access, `?limit=2&before=${second.next}`)
    expect([...first.events, ...second.events, ...third.events]).toEqual(all)
    expect(third).not.toHaveProperty("next")
  })

  it.each(["?limit=0", "?limit=201", "?before=yesterday", "?user_id=somebody", "?type=sign-out"])(
    "refuses %s",
    async (query) => {
      const ada = await newcomer(http)
      expect(await http.get(`/users/me/events${query}`, ada.access)).toMatchObject({
        status: 422,
        body: { code: "invalid-request" }
      })
    }
  )
})
