import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { RoleName } from "../../src/domain/access/Role.ts"
import { RoleRepository } from "../../src/domain/access/RoleRepository.ts"
import { Email } from "../../src/domain/identity/Email.ts"
import { grantRole } from "../../src/domain/identity/grantRole.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { somebody } from "../support/useCases.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

/** Without administration and its rules. */
const disable = (email: string) =>
  http.run(
    Effect.flatMap(Database, ({ run }) =>
      run((tables) => tables.updateTable("user").set({ disabled: 1 }).where("email", "=", email).execute())
    )
  )

const takeRoles = (email: string) =>
  http.run(
    Effect.flatMap(Database, ({ run }) =>
      run((tables) =>
        tables
          .deleteFrom("user_role")
          .where("user_id", "in", tables.selectFrom("user").select("id").where("email", "=", email))
          .execute()
      )
    )
  )

const login = (email: string, password: string) => http.post("/auth/login", { email, password })

describe("a user who was disabled", () => {
  it("is answered at sign-in as somebody with a wrong password: the same words and headers", async () => {
    const ada = await newcomer(http)
    await disable(ada.email)
    const plain = ({ status, headers, body }: Awaited<ReturnType<typeof login>>) => ({
      status,
      headers: [...headers].filter(([name]) => name !== "x-request-id" && name !== "date"),
      body: { ...body, instance: "" }
    })
    const right = plain(await login(ada.email, PASSWORD))
    expect(right).toMatchObject({ status: 401, body: { code: "invalid-credentials" } })
    expect(right).toEqual(plain(await login(ada.email, "not the lighthouse")))
  })

  it("has lost every token at once", async () => {
    const ada = await newcomer(http)
    await disable(ada.email)
    expect(await http.get("/users/me", ada.access)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
    expect(await http.post("/auth/refresh", { refresh_token: ada.refresh })).toMatchObject({
      status: 401,
      body: { code: "token-revoked" }
    })
  })
})

describe("a user who lost a role", () => {
  it("has lost its permissions at once, and is told which one is missing before anything else", async () => {
    const ada = await newcomer(http)
    await takeRoles(ada.email)
    expect((await http.get("/users/me", ada.access)).body).toMatchObject({ roles: [], permissions: [] })
    for (const [path, permission] of [
      ["/images/tags", "image:read"],
      ["/images/manifest?image=UPPER", "image:read"],
      ["/images/files?image=127.0.0.1:1/nobody/nothing", "image:read"],
      ["/images/file?unknown=1", "image:carve"]
    ] as const) {
      const answer = await http.get(path, ada.access)
      expect(answer, path).toMatchObject({ status: 403, body: { code: "forbidden", permission } })
      expect(answer.headers.get("www-authenticate")).toBe(
        `Bearer realm="keyhole", error="insufficient_scope", scope="${permission}"`
      )
    }
  })
})

describe("a role that this installation has defined", () => {
  const keeper = RoleName.make("keeper")
  const define = (...permissions: Parameters<RoleRepository["Service"]["define"]>[1]) =>
    http.run(Effect.flatMap(RoleRepository, (roles) => roles.define(keeper, permissions)))

  it("gives its permissions to tokens that were issued before, and takes them at once", async () => {
    const ada = await newcomer(http)
    await define("registry:credential")
    await http.run(grantRole(Email.make(ada.email), keeper, somebody))
    expect((await http.get("/users/me", ada.access)).body).toMatchObject({
      roles: ["keeper", "viewer"],
      permissions: ["image:carve", "image:read", "registry:credential"]
    })
    expect((await http.get("/registries", ada.access)).status).toBe(200)

    await define("event:read")
    expect(await http.get("/registries", ada.access)).toMatchObject({ status: 403, body: { code: "forbidden" } })
  })

  it("stands in the scope of tokens, and in the answer they come with", async () => {
    const ada = await newcomer(http)
    await define("registry:credential")
    await http.run(grantRole(Email.make(ada.email), keeper, somebody))
    const { body } = await http.post("/auth/login", { email: ada.email, password: PASSWORD })
    const claims = JSON.parse(Buffer.from(body.access_token.split(".")[1], "base64url").toString())
    expect(claims).toMatchObject({ roles: ["keeper", "viewer"], scope: "image:carve image:read registry:credential" })
    expect(body.user.permissions).toEqual(["image:carve", "image:read", "registry:credential"])
  })
})
