import { request } from "node:http"
import { text } from "node:stream/consumers"
import { Context } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { authorize } from "../../src/domain/access/authorize.ts"
import { viewer } from "../../src/domain/access/Role.ts"
import { NeedsPermission } from "../../src/http/api/Caller.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, newcomerWith, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

/** A request whose path is sent as it is written. */
const send = (method: string, path: string, token: string, headers: Record<string, string> = {}, body?: object) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const content = body === undefined ? "" : JSON.stringify(body)
    const outgoing = request(new URL(http.url), {
      method,
      path,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(content) }),
        ...headers
      }
    })
    outgoing.on("response", (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject)
    })
    outgoing.on("error", reject)
    outgoing.end(content)
  })

describe("23. Rights that are asked for in a body", () => {
  const wishes: ReadonlyArray<readonly [string, unknown]> = [
    ["role", "admin"],
    ["roles", ["admin"]],
    ["isAdmin", true],
    ["permissions", ["*"]],
    ["id", "somebody"],
    ["disabled", false],
    ["email", "root@example.com"],
    ["constructor", { roles: ["admin"] }]
  ]
  /** What is refused, as JSON text: an object literal would take `__proto__` for something else. */
  const bodies = (rest: string) => [
    ...wishes.map(([name, value]) => [name, `{${rest},${JSON.stringify(name)}:${JSON.stringify(value)}}`] as const),
    ["__proto__", `{${rest},"__proto__":{"roles":["admin"]}}`] as const
  ]

  it("are refused at register, each by its name, and make no account", async () => {
    for (const [name, body] of bodies(`"email":"eve@example.com","password":"${PASSWORD}"`)) {
      if (name === "email") continue
      const answer = await fetch(`${http.url}/auth/register`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body
      })
      expect(answer.status, name).toBe(422)
      expect(await answer.json()).toMatchObject({ code: "invalid-request", errors: [{ pointer: `/${name}` }] })
    }
    expect((await http.post("/auth/login", { email: "eve@example.com", password: PASSWORD })).status).toBe(401)
  })

  it("are refused in a change of one's own account, and change nothing", async () => {
    const eve = await newcomer(http)
    const before = (await http.get("/users/me", eve.access)).body
    for (const [name, body] of bodies('"name":"Eve"')) {
      const answer = await fetch(`${http.url}/users/me`, {
        method: "PATCH",
        headers: { "content-type": "application/json", authorization: `Bearer ${eve.access}` },
        body
      })
      expect(answer.status, name).toBe(422)
      expect(await answer.json()).toMatchObject({ code: "invalid-request", errors: [{ pointer: `/${name}` }] })
    }
    expect((await http.get("/users/me", eve.access)).body).toEqual(before)
  })
})

describe("24. What is others'", () => {
  it("a session of somebody else is answered as one that is not there", async () => {
    const [ada, eve] = [await newcomer(http), await newcomer(http)]
    const plain = async (id: string) => {
      const { status, headers, body } = await http.delete(`/sessions/${id}`, eve.access)
      const kept = [...headers].filter(([name]) => name !== "x-request-id" && name !== "date")
      return { status, headers: kept, body: { ...body, instance: "" } }
    }
    const others = await plain(ada.session)
    expect(others).toMatchObject({ status: 404, body: { code: "not-found" } })
    expect(others).toEqual(await plain("sess_0000000000000000"))
    expect((await http.get("/users/me", ada.access)).status).toBe(200)
  })

  const bodies: Readonly<Record<string, object>> = {
    "PATCH /users/:id": { disabled: true },
    "PUT /users/:id/roles": { roles: ["admin"] },
    "PUT /roles/:name": { permissions: ["*"] },
    "PUT /registries/:host/credentials": { username: "eve", password: "secret" }
  }
  const closed = allRoutes
    .map(({ endpoint: { method, path, annotations } }) => ({
      method,
      path,
      permission: Context.get(annotations, NeedsPermission),
      body: bodies[`${method} ${path}`]
    }))
    // Those below /oauth answer in the shapes of their own standards.
    .filter(({ path }) => !path.startsWith("/oauth/"))
    .filter(({ permission }) => permission !== null && !authorize(viewer.permissions, permission))

  it("is what viewers are kept from: every administrative route among them", () => {
    const names = closed.map(({ method, path }) => `${method} ${path}`)
    expect(names).toEqual(
      expect.arrayContaining([
        "GET /users",
        "GET /users/:id",
        "PATCH /users/:id",
        "PUT /users/:id/roles",
        "DELETE /users/:id",
        "DELETE /users/:id/sessions",
        "GET /roles",
        "PUT /roles/:name",
        "DELETE /roles/:name",
        "GET /events"
      ])
    )
  })

  it.each(closed)("$method $path answers a viewer the same for what is there and what is not", async (route) => {
    const [root, eve] = [await newcomerWith(http, "admin"), await newcomer(http)]
    await http.put("/roles/auditor", { permissions: ["event:read"] }, root.access)
    const there = route.path.replace(":id", root.id).replace(":name", "auditor").replace(":host", "ghcr.io")
    const nowhere = route.path.replace(":id", "nobody").replace(":name", "nothing").replace(":host", "nowhere.example")
    const plain = async (path: string) => {
      const { status, body } = await send(route.method, path, eve.access, {}, route.body)
      return { status, problem: { ...JSON.parse(body), instance: "" } }
    }
    const answer = await plain(there)
    expect(answer).toMatchObject({ status: 403, problem: { code: "forbidden", permission: route.permission } })
    expect(await plain(nowhere)).toEqual(answer)
    expect(await plain(`${there}?nonsense=1`)).toEqual(answer)
  })

  it.each(closed)("$method $path opens to no other spelling, method or header", async (route) => {
    const [root, eve] = [await newcomerWith(http, "admin"), await newcomer(http)]
    const path = route.path.replace(":id", root.id).replace(":name", "auditor").replace(":host", "ghcr.io")
    const encoded = `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`
    const spellings = [
      `${path}/`,
      `/${path}`,
      `/.${path}`,
      `/users/me/../..${path}`,
      `/users/me/%2e%2e/%2e%2e${path}`,
      `/livez/..;${path}`,
      path.toUpperCase(),
      encoded,
      path.replaceAll("/", "%2f").replace("%2f", "/"),
      `${path}%00`,
      `${path}.json`,
      `${path};a=b`,
      `http://localhost${path}`,
      `${path}?_method=${route.method}`
    ]
    for (const spelling of spellings) {
      const { status, body } = await send(route.method, spelling, eve.access, {}, route.body)
      expect([400, 403, 404, 405], `${spelling} ${body}`).toContain(status)
    }
    const overrides = ["x-http-method-override", "x-http-method", "x-method-override"]
    for (const method of ["GET", "POST", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE"]) {
      for (const override of overrides) {
        const { status } = await send(method, path, eve.access, { [override]: route.method }, route.body)
        expect([403, 404, 405], `${method} with ${override}`).toContain(status)
      }
    }
    // What stands in front of some services says so where a request goes, or who sends it.
    const claims = {
      "x-original-url": path,
      "x-rewrite-url": path,
      "x-forwarded-prefix": path,
      "x-user-id": root.id,
      "x-forwarded-user": root.email,
      "x-roles": "admin"
    }
    const { status, body } = await send("GET", "/users/me", eve.access, claims)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ id: eve.id, roles: ["viewer"] })
    expect((await send(route.method, path, eve.access, claims, route.body)).status).toBe(403)

    expect((await http.get(`/users/${root.id}`, root.access)).body).toMatchObject({
      disabled: false,
      roles: ["admin", "viewer"]
    })
  })
})

describe("25. An administrator", () => {
  it("grants no more than they hold, neither to others, nor to themselves, nor by way of a role", async () => {
    const root = await newcomerWith(http, "admin")
    const [eve, mallory] = [await newcomer(http), await newcomer(http)]
    const held = ["role:assign", "role:read", "role:write", "user:read", "user:write"]
    await http.put("/roles/deputy", { permissions: held }, root.access)
    await http.put(`/users/${eve.id}/roles`, { roles: ["deputy"] }, root.access)
    const refused = { status: 403, body: { code: "forbidden" } }
    const put = (path: string, body: object) => http.put(path, body, eve.access)

    expect(await put(`/users/${eve.id}/roles`, { roles: ["deputy", "admin"] })).toMatchObject(refused)
    expect(await put(`/users/${eve.id}/roles`, { roles: ["deputy", "viewer"] })).toMatchObject(refused)
    expect(await put(`/users/${mallory.id}/roles`, { roles: ["viewer", "operator"] })).toMatchObject(refused)
    expect(await put("/roles/deputy", { permissions: [...held, "event:read"] })).toMatchObject(refused)
    expect(await put("/roles/deputy", { permissions: ["*"] })).toMatchObject(refused)
    expect(await put("/roles/accomplice", { permissions: ["*"] })).toMatchObject(refused)
    // What they may, they still may not be raised by.
    expect((await put("/roles/accomplice", { permissions: ["user:read"] })).status).toBe(201)
    expect((await put(`/users/${mallory.id}/roles`, { roles: ["viewer", "accomplice"] })).status).toBe(200)
    expect(await put("/roles/accomplice", { permissions: ["user:read", "event:read"] })).toMatchObject(refused)
    expect((await http.get("/users/me", eve.access)).body.permissions).toEqual(held)
  })

  it("who is the last one stays, whatever they do to themselves and however many do it at once", async () => {
    const own = await startHttp()
    try {
      const people = await Promise.all([
        newcomerWith(own, "admin"),
        newcomerWith(own, "admin"),
        newcomerWith(own, "admin")
      ])
      const ends = people.flatMap(({ id }) =>
        people.flatMap(({ access }) => [
          () => own.put(`/users/${id}/roles`, { roles: ["viewer"] }, access),
          () => own.patch(`/users/${id}`, { disabled: true }, access),
          () => own.delete(`/users/${id}`, access),
          () => own.post("/users/me/delete", { current_password: PASSWORD }, access)
        ])
      )
      const answers = await Promise.all(ends.map((end) => end()))
      for (const { status } of answers) expect([200, 204, 401, 403, 404, 409]).toContain(status)
      const left = []
      for (const person of people) {
        const { body } = await own.get("/users/me", person.access)
        if (body.permissions?.includes("*") === true) left.push(person)
      }
      expect(left).toHaveLength(1)
      const [last] = left
      if (last === undefined) throw new Error("nobody is left")
      const refused = { status: 409, body: { code: "last-administrator" } }
      expect(await own.put(`/users/${last.id}/roles`, { roles: [] }, last.access)).toMatchObject(refused)
      expect(await own.patch(`/users/${last.id}`, { disabled: true }, last.access)).toMatchObject(refused)
      expect(await own.delete(`/users/${last.id}`, last.access)).toMatchObject(refused)
      expect(await own.post("/users/me/delete", { current_password: PASSWORD }, last.access)).toMatchObject(refused)
    } finally {
      await own.stop()
    }
  })

  it("by a role of the installation's own stays one too: the role is not taken from them", async () => {
    const own = await startHttp()
    try {
      const [root, heir] = [await newcomerWith(own, "admin"), await newcomer(own)]
      await own.put("/roles/owner", { permissions: ["*"] }, root.access)
      await own.put(`/users/${heir.id}/roles`, { roles: ["owner"] }, root.access)
      expect((await own.post("/users/me/delete", { current_password: PASSWORD }, root.access)).status).toBe(204)
      expect(await own.put("/roles/owner", { permissions: ["user:read"] }, heir.access)).toMatchObject({
        status: 409,
        body: { code: "last-administrator" }
      })
      expect(await own.delete("/roles/owner", heir.access)).toMatchObject({
        status: 409,
        body: { code: "role-in-use" }
      })
      expect((await own.get("/users/me", heir.access)).body.permissions).toEqual(["*"])
    } finally {
      await own.stop()
    }
  })
})
