import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, newcomerWith, startHttp } from "../support/http.ts"

let http: Http
let root: string
beforeAll(async () => {
  http = await startHttp()
  root = (await newcomerWith(http, "admin")).access
})
afterAll(() => http.stop())

type Person = Awaited<ReturnType<typeof newcomer>>

const define = (name: string, ...permissions: ReadonlyArray<string>) =>
  http.put(`/roles/${name}`, { permissions }, root)
const assign = (token: string, { id }: Person, ...roles: ReadonlyArray<string>) =>
  http.put(`/users/${id}/roles`, { roles }, token)
const login = ({ email }: Person) => http.post("/auth/login", { email, password: PASSWORD })
const alive = async ({ access }: Person) => (await http.get("/users/me", access)).status === 200
/** What happened to somebody, newest first. */
const eventsOf = async ({ id }: Person) => (await http.get(`/events?user_id=${id}`, root)).body.events
const forbidden = (permission: string) => ({ status: 403, body: { code: "forbidden", permission } })

/** Somebody whose role has these permissions. */
let roles = 0
const holding = async (...permissions: ReadonlyArray<string>) => {
  const role = `role-${roles++}`
  await define(role, ...permissions)
  return newcomerWith(http, role)
}

describe("GET /users", () => {
  it("is every user in the order of their addresses, in pages, with what they may do", async () => {
    const people = [await newcomer(http), await newcomer(http), await newcomer(http)]
    const found: Array<{ email: string }> = []
    let after = ""
    for (;;) {
      const { status, body } = await http.get(`/users?limit=2${after}`, root)
      expect(status).toBe(200)
      found.push(...body.users)
      if (body.next === undefined) break
      expect(body.next).not.toContain("@")
      after = `&after=${body.next}`
    }
    const emails = found.map(({ email }) => email)
    expect(emails).toEqual(emails.toSorted())
    expect(new Set(emails).size).toBe(emails.length)
    for (const { id, email } of people) {
      expect(found.find((user) => user.email === email)).toEqual({
        id,
        email,
        name: null,
        roles: ["viewer"],
        permissions: ["image:carve", "image:read"],
        created_at: expect.any(String),
        last_login_at: expect.any(String),
        disabled: false
      })
    }
  })

  it("finds a part of an address or a name, in any case, letter by letter", async () => {
    const ada = await newcomer(http)
    await http.patch("/users/me", { name: "Ada 100% Lovelace" }, ada.access)
    const find = async (query: string) => {
      const { body } = await http.get(`/users?query=${encodeURIComponent(query)}`, root)
      return body.users.map(({ id }: Person) => id)
    }
    expect(await find("LOVE")).toEqual([ada.id])
    expect(await find("100%")).toEqual([ada.id])
    expect(await find(ada.email.toUpperCase())).toEqual([ada.id])
    expect(await find("a_a")).toEqual([])
    expect(await find("' or 1=1 --")).toEqual([])
  })

  it.each(["?limit=0", "?limit=201", "?after=ada@example.com", "?after=%00", "?query=", "?query=%00", "?before=1"])(
    "refuses %s",
    async (query) => {
      expect(await http.get(`/users${query}`, root)).toMatchObject({ status: 422, body: { code: "invalid-request" } })
    }
  )
})

describe("a user by id", () => {
  it("is shown, changed and gone for whoever may, and not found when there is none", async () => {
    const ada = await newcomer(http)
    expect(await http.get(`/users/${ada.id}`, root)).toMatchObject({
      status: 200,
      body: { id: ada.id, email: ada.email, disabled: false }
    })
    const missing = { status: 404, body: { code: "not-found" } }
    expect(await http.get("/users/nobody", root)).toMatchObject(missing)
    expect(await http.patch("/users/nobody", { disabled: true }, root)).toMatchObject(missing)
    expect(await http.put("/users/nobody/roles", { roles: [] }, root)).toMatchObject(missing)
    expect(await http.delete("/users/nobody", root)).toMatchObject(missing)
    expect(await http.delete("/users/nobody/sessions", root)).toMatchObject(missing)
  })
})

describe("PATCH /users/{id}", () => {
  it("keeps a disabled user out at once, and lets them in again without the sessions they had", async () => {
    const ada = await newcomer(http)
    const disabled = await http.patch(`/users/${ada.id}`, { disabled: true }, root)
    expect(disabled).toMatchObject({ status: 200, body: { id: ada.id, disabled: true } })
    expect([await alive(ada), (await login(ada)).status]).toEqual([false, 401])
    expect((await http.get(`/users/${ada.id}`, root)).body.disabled).toBe(true)

    expect((await http.patch(`/users/${ada.id}`, { disabled: false }, root)).body.disabled).toBe(false)
    expect([await alive(ada), (await login(ada)).status]).toEqual([false, 200])
  })

  it("leaves one event for a change, with who did it, and none for what was so already", async () => {
    const ada = await newcomer(http)
    for (const disabled of [true, true, false, false]) await http.patch(`/users/${ada.id}`, { disabled }, root)
    const { body: me } = await http.get("/users/me", root)
    const events = await eventsOf(ada)
    expect(events.slice(0, 3).map(({ type }: { type: string }) => type)).toEqual([
      "user.enabled",
      "user.disabled",
      "session.closed"
    ])
    for (const event of events.slice(0, 3)) expect(event).toMatchObject({ user_id: ada.id, actor_id: me.id })
    expect(events[2].detail).toEqual({ reason: "user-disabled" })
  })

  it("takes nothing but `disabled`", async () => {
    const ada = await newcomer(http)
    for (const body of [{}, { disabled: 1 }, { disabled: true, roles: ["admin"] }, { name: "Eve" }]) {
      expect((await http.patch(`/users/${ada.id}`, body, root)).status).toBe(422)
    }
    expect(await alive(ada)).toBe(true)
  })
})

describe("PUT /users/{id}/roles", () => {
  it("replaces the roles, which counts at once for tokens already issued", async () => {
    const ada = await newcomer(http)
    const answer = await assign(root, ada, "operator", "viewer", "operator")
    expect(answer).toMatchObject({ status: 200, body: { id: ada.id, roles: ["operator", "viewer"], disabled: false } })
    expect(answer.body.permissions).toContain("registry:credential")
    expect((await http.get("/registries", ada.access)).status).toBe(200)

    await assign(root, ada)
    expect((await http.get("/users/me", ada.access)).body).toMatchObject({ roles: [], permissions: [] })
    expect((await http.get("/registries", ada.access)).status).toBe(403)
    const [last, before] = await eventsOf(ada)
    expect(last).toMatchObject({ type: "roles.changed", detail: { revoked: "operator viewer" } })
    expect(before).toMatchObject({ type: "roles.changed", detail: { granted: "operator" } })
  })

  it("points at every role that does not exist, and changes nothing", async () => {
    const ada = await newcomer(http)
    const answer = await assign(root, ada, "operator", "emperor", "pope")
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-request" } })
    expect(answer.body.errors).toEqual([
      { pointer: "/roles/1", detail: "There is no such role" },
      { pointer: "/roles/2", detail: "There is no such role" }
    ])
    expect((await http.get("/users/me", ada.access)).body.roles).toEqual(["viewer"])
  })
})

describe("DELETE /users/{id}", () => {
  it("ends every token of the user, and keeps what is told of them", async () => {
    const ada = await newcomer(http)
    expect(await http.delete(`/users/${ada.id}`, root)).toMatchObject({ status: 204, body: "" })
    expect(await http.get("/users/me", ada.access)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
    expect((await http.post("/auth/refresh", { refresh_token: ada.refresh })).status).toBe(401)
    expect((await http.get(`/users/${ada.id}`, root)).status).toBe(404)
    expect((await http.delete(`/users/${ada.id}`, root)).status).toBe(404)
    const types = (await eventsOf(ada)).map(({ type }: { type: string }) => type)
    expect(types).toEqual(["user.deleted", "session.closed", "sign-in.succeeded", "user.registered"])
  })
})

describe("DELETE /users/{id}/sessions", () => {
  it("ends all sessions of the user, who may sign in again and sees who did it, and not from where", async () => {
    const ada = await newcomer(http)
    expect(await http.delete(`/users/${ada.id}/sessions`, root)).toMatchObject({ status: 204, body: "" })
    expect(await alive(ada)).toBe(false)
    const { body } = await login(ada)
    const { body: me } = await http.get("/users/me", root)
    const [, closed] = (await http.get("/users/me/events", body.access_token)).body.events
    expect(closed).toEqual({
      id: expect.any(String),
      type: "session.closed",
      at: expect.any(String),
      outcome: "success",
      user_id: ada.id,
      actor_id: me.id,
      session_id: ada.session,
      detail: { reason: "closed-by-administrator" }
    })
    expect((await eventsOf(ada))[1]).toMatchObject({ type: "session.closed", ip_address: "127.0.0.1" })
  })
})

describe("roles", () => {
  it("are listed, the built-in ones first", async () => {
    await define("auditor", "event:read", "user:read", "event:read")
    const { status, body } = await http.get("/roles", root)
    expect(status).toBe(200)
    expect(body.roles.slice(0, 3)).toEqual([
      { name: "viewer", permissions: ["image:read", "image:carve"], built_in: true },
      {
        name: "operator",
        permissions: ["image:read", "image:carve", "image:download", "registry:credential", "token:introspect"],
        built_in: true
      },
      { name: "admin", permissions: ["*"], built_in: true }
    ])
    expect(body.roles).toContainEqual({ name: "auditor", permissions: ["event:read", "user:read"], built_in: false })
  })

  it("are 201 when new and 200 when changed, for everybody who has them at once", async () => {
    const first = await define("keeper", "registry:credential")
    expect(first).toMatchObject({
      status: 201,
      body: { name: "keeper", permissions: ["registry:credential"], built_in: false }
    })
    const ada = await newcomerWith(http, "keeper")
    expect((await http.get("/registries", ada.access)).status).toBe(200)
    expect(await define("keeper")).toMatchObject({ status: 200, body: { permissions: [] } })
    expect((await http.get("/registries", ada.access)).status).toBe(403)
    const { events } = (await http.get("/events?type=role.changed&limit=2", root)).body
    expect(events.map(({ detail }: { detail: object }) => detail)).toEqual([
      { role: "keeper", change: "changed", permissions: "" },
      { role: "keeper", change: "defined", permissions: "registry:credential" }
    ])
    for (const event of events) expect(event).not.toHaveProperty("user_id")
  })

  it("that are built in stay as they are", async () => {
    const refused = { status: 409, body: { code: "built-in-role" } }
    for (const name of ["viewer", "operator", "admin"]) {
      expect(await define(name, "image:read")).toMatchObject(refused)
      expect(await http.delete(`/roles/${name}`, root)).toMatchObject(refused)
    }
  })

  it("are removed when nobody has them", async () => {
    await define("passing", "image:read")
    const ada = await newcomerWith(http, "passing")
    const inUse = { status: 409, body: { code: "role-in-use" } }
    expect(await http.delete("/roles/passing", root)).toMatchObject(inUse)
    await assign(root, ada, "viewer")
    expect(await http.delete("/roles/passing", root)).toMatchObject({ status: 204, body: "" })
    expect(await http.delete("/roles/passing", root)).toMatchObject({ status: 404, body: { code: "not-found" } })
  })

  it.each(["Auditor", "1st", "a b", "a".repeat(64), "ä"])("have no name like %j", async (name) => {
    const path = `/roles/${encodeURIComponent(name)}`
    expect(await http.put(path, { permissions: [] }, root)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/name" }] }
    })
    expect((await http.delete(path, root)).status).toBe(404)
  })

  it.each(["everything", "image:*", "IMAGE:READ", ""])("hold no permission %j", async (permission) => {
    expect(await define("nonsense", permission)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/permissions/0" }] }
    })
  })
})

describe("nobody grants what they do not hold", () => {
  it("neither to others nor to themselves", async () => {
    const assigner = await holding("role:assign", "event:read")
    const ada = await newcomer(http)
    await define("reader", "event:read")
    expect(await assign(assigner.access, ada, "viewer", "reader")).toMatchObject({ status: 200 })
    expect(await assign(assigner.access, ada, "viewer", "operator")).toMatchObject(forbidden("image:download"))
    expect(await assign(assigner.access, assigner, "viewer", "admin")).toMatchObject(forbidden("*"))
    expect((await http.get("/users/me", ada.access)).body.roles).toEqual(["reader", "viewer"])
  })

  it("nor by raising a role that they have", async () => {
    const writer = await holding("role:write", "event:read")
    const own = (await http.get("/users/me", writer.access)).body.roles[0]
    const raise = (...permissions: ReadonlyArray<string>) =>
      http.put(`/roles/${own}`, { permissions: ["role:write", "event:read", ...permissions] }, writer.access)
    expect(await raise("user:write")).toMatchObject(forbidden("user:write"))
    expect(await raise("*")).toMatchObject(forbidden("*"))
    expect((await raise("image:read")).status).toBe(200)
    expect(await http.put("/roles/new-one", { permissions: ["*"] }, writer.access)).toMatchObject(forbidden("*"))
  })

  it("and what concerns administrators is for administrators", async () => {
    const manager = await holding("user:write", "role:assign", "role:write", "user:read")
    const other = await newcomerWith(http, "admin")
    await define("second-admin", "*")
    const refused = forbidden("*")
    expect(await http.patch(`/users/${other.id}`, { disabled: true }, manager.access)).toMatchObject(refused)
    expect(await http.delete(`/users/${other.id}`, manager.access)).toMatchObject(refused)
    expect(await http.delete(`/users/${other.id}/sessions`, manager.access)).toMatchObject(refused)
    expect(await assign(manager.access, other, "viewer")).toMatchObject(refused)
    expect(await http.put("/roles/second-admin", { permissions: [] }, manager.access)).toMatchObject(refused)
    expect(await http.delete("/roles/second-admin", manager.access)).toMatchObject(refused)
    const ada = await newcomer(http)
    expect((await http.patch(`/users/${ada.id}`, { disabled: true }, manager.access)).status).toBe(200)
    expect(await alive(other)).toBe(true)
  })
})

describe("GET /events", () => {
  it("is everybody's, newest first, by user and by type, with why a sign-in failed", async () => {
    const ada = await newcomer(http)
    await http.post("/auth/login", { email: ada.email, password: "not the lighthouse" })
    await http.post("/auth/login", { email: "nobody@example.com", password: "not the lighthouse" })
    const { status, body } = await http.get("/events?type=sign-in.failed&limit=2", root)
    expect(status).toBe(200)
    expect(body.events).toMatchObject([
      { type: "sign-in.failed", outcome: "failure", detail: { reason: "unknown-email" } },
      { user_id: ada.id, detail: { reason: "wrong-password" } }
    ])
    expect(body.events[0]).not.toHaveProperty("user_id")
    const both = await http.get(`/events?type=sign-in.failed&user_id=${ada.id}`, root)
    expect(both.body).toEqual({ events: [body.events[1]] })
  })

  it("comes in pages", async () => {
    const first = (await http.get("/events?limit=3", root)).body
    const second = (await http.get(`/events?limit=3&before=${first.next}`, root)).body
    const all = (await http.get("/events?limit=6", root)).body
    expect([...first.events, ...second.events]).toEqual(all.events)
  })

  it.each(["?type=sign-in", "?limit=201", "?before=1", "?after=1"])("refuses %s", async (query) => {
    expect(await http.get(`/events${query}`, root)).toMatchObject({ status: 422, body: { code: "invalid-request" } })
  })
})
