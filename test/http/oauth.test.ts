import { DateTime, Effect, Redacted } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { TokenSigner } from "../../src/domain/token/TokenSigner.ts"
import { Database } from "../../src/infra/database/Database.ts"
import { type Http, newcomer, operator, startHttp } from "../support/http.ts"

let http: Http
let asker: string
beforeAll(async () => {
  http = await startHttp()
  asker = await operator(http)
})
afterAll(() => http.stop())

const introspect = (token: string) => http.form("/oauth/introspect", { token }, asker)

/** A token with our signature, of any type and with any claims. */
const signed = (type: string, session: string, claims: object = {}) =>
  http.run(
    Effect.gen(function* () {
      const signer = yield* TokenSigner
      const { issuer, audience } = yield* TokenSettings
      const now = Math.floor(DateTime.toEpochMillis(yield* DateTime.now) / 1000)
      const names = { iss: issuer, aud: audience, sub: "somebody", sid: session, jti: "A".repeat(22) }
      const rest = { iat: now, nbf: now, exp: now + 60, client_id: "keyhole", roles: [], scope: "" }
      return Redacted.value(yield* signer.sign(type, { ...names, ...rest, ...claims }, yield* signer.currentKey))
    })
  )

const OVER = { exp: Math.floor(Date.now() / 1000) - 3600 }

describe("GET /.well-known/oauth-authorization-server", () => {
  it("names the issuer of the tokens and the standard endpoints (RFC 8414)", async () => {
    const { status, body, headers } = await http.get("/.well-known/oauth-authorization-server")
    expect(status).toBe(200)
    expect(headers.get("cache-control")).toMatch(/^public, max-age=\d+$/u)
    expect(body).toEqual({
      issuer: "http://localhost",
      jwks_uri: "http://localhost/.well-known/jwks.json",
      introspection_endpoint: "http://localhost/oauth/introspect",
      introspection_endpoint_auth_methods_supported: ["Bearer"],
      revocation_endpoint: "http://localhost/oauth/revoke",
      revocation_endpoint_auth_methods_supported: ["none"],
      response_types_supported: [],
      grant_types_supported: [],
      scopes_supported: expect.arrayContaining(["image:read", "token:introspect"]),
      service_documentation: "http://localhost/docs"
    })
  })
})

describe("POST /oauth/introspect", () => {
  it("tells of a live access token what it says, and what its user may do now", async () => {
    const ada = await newcomer(http)
    const answer = await introspect(ada.access)
    expect(answer.status).toBe(200)
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8")
    expect(answer.body).toEqual({
      active: true,
      token_type: "Bearer",
      token_use: "access_token",
      scope: "image:carve image:read",
      roles: ["viewer"],
      client_id: "keyhole",
      username: ada.email,
      iss: "http://localhost",
      aud: "keyhole",
      sub: expect.any(String),
      exp: answer.body.iat + 1800,
      iat: expect.any(Number),
      nbf: answer.body.iat,
      jti: expect.stringMatching(/^[\w-]{22}$/u),
      sid: ada.session
    })
  })

  it("tells a live refresh token from an access token", async () => {
    const ada = await newcomer(http)
    const { body } = await introspect(ada.refresh)
    expect(body).toMatchObject({ active: true, token_use: "refresh_token", sid: ada.session, exp: body.iat + 604800 })
    expect(body).not.toHaveProperty("token_type")
    expect(body).not.toHaveProperty("scope")
  })

  it("finds the token whatever the hint says, and knows the one client (RFC 7662 §2.1)", async () => {
    const { access } = await newcomer(http)
    for (const token_type_hint of ["access_token", "refresh_token", "id_token", ""]) {
      const form = { token: access, token_type_hint, client_id: "keyhole" }
      expect((await http.form("/oauth/introspect", form, asker)).body.active, token_type_hint).toBe(true)
    }
  })

  it("says of a refresh token that was used only that it is not live, and of its successor that it is", async () => {
    const { refresh } = await newcomer(http)
    const { body } = await http.post("/auth/refresh", { refresh_token: refresh })
    expect((await introspect(refresh)).body).toEqual({ active: false })
    expect((await introspect(body.refresh_token)).body.active).toBe(true)
  })

  it("says of the tokens of a closed session only that they are not live", async () => {
    const { access, refresh } = await newcomer(http)
    await http.post("/auth/logout", undefined, access)
    for (const token of [access, refresh]) {
      expect(await introspect(token)).toMatchObject({ status: 200, body: { active: false } })
      expect(Object.keys((await introspect(token)).body)).toEqual(["active"])
    }
  })

  it("says of a disabled user's tokens only that they are not live", async () => {
    const { access, refresh, email } = await newcomer(http)
    await http.run(
      Database.use(({ run }) =>
        run((tables) => tables.updateTable("user").set({ disabled: 1 }).where("email", "=", email).execute())
      )
    )
    for (const token of [access, refresh]) expect((await introspect(token)).body).toEqual({ active: false })
  })

  it.each([
    ["nonsense", () => "nonsense"],
    ["three parts of nothing", () => "a.b.c"],
    ["one of another type", (session: string) => signed("jwt", session)],
    ["an access token under a refresh token's type", (session: string) => signed("rt+jwt", session)],
    ["one that has expired", (session: string) => signed("at+jwt", session, OVER)],
    ["one of another issuer", (session: string) => signed("at+jwt", session, { iss: "https://elsewhere.example" })],
    ["one of nobody", (session: string) => signed("at+jwt", session)]
  ])("says of %s only that it is not live", async (_what, make) => {
    const { session } = await newcomer(http)
    expect((await introspect(await make(session))).body).toEqual({ active: false })
  })

  it("needs a caller, and the permission token:introspect, and refuses in OAuth's words", async () => {
    const { access } = await newcomer(http)
    const ask = (token?: string) => http.form("/oauth/introspect", { token: access }, token)
    const nobody = await ask()
    expect(nobody).toMatchObject({
      status: 401,
      body: { error: "invalid_client", error_description: "This needs an access token" }
    })
    expect(nobody.headers.get("www-authenticate")).toBe('Bearer realm="keyhole"')
    const wrong = await ask("nonsense")
    expect(wrong).toMatchObject({ status: 401, body: { error: "invalid_token", error_description: "Invalid token" } })
    expect(wrong.headers.get("www-authenticate")).toContain('error="invalid_token"')
    const viewer = await ask(access)
    expect(viewer).toMatchObject({ status: 403, body: { error: "insufficient_scope" } })
    expect(viewer.headers.get("www-authenticate")).toContain('scope="token:introspect"')
    expect(viewer.headers.get("content-type")).toBe("application/json; charset=utf-8")
  })
})

describe("POST /oauth/revoke", () => {
  it.each(["access", "refresh"] as const)("closes the session of the %s token, with both its tokens", async (kind) => {
    const ada = await newcomer(http)
    const answer = await http.form("/oauth/revoke", { token: ada[kind] })
    expect(answer).toMatchObject({ status: 200, body: "" })
    expect((await http.get("/users/me", ada.access)).body.code).toBe("token-revoked")
    expect((await http.post("/auth/refresh", { refresh_token: ada.refresh })).body.code).toBe("token-revoked")
    expect((await http.form("/oauth/revoke", { token: ada[kind] })).status).toBe(200)
  })

  it("closes the session of an expired token, as a log-out does", async () => {
    const { access, session } = await newcomer(http)
    const expired = await signed("at+jwt", session, OVER)
    expect((await http.form("/oauth/revoke", { token: expired })).status).toBe(200)
    expect((await http.get("/users/me", access)).status).toBe(401)
  })

  it("answers 200 for a token it does not know, and revokes nothing", async () => {
    const { access } = await newcomer(http)
    const foreign = `${access.slice(0, access.lastIndexOf("."))}.${"A".repeat(342)}`
    for (const token of ["nonsense", "a.b.c", foreign]) {
      expect((await http.form("/oauth/revoke", { token, token_type_hint: "access_token" })).status).toBe(200)
    }
    expect((await http.get("/users/me", access)).status).toBe(200)
  })

  it("says when a token of ours is of a type that is not revoked here (RFC 7009 §2.2.1)", async () => {
    const { access, session } = await newcomer(http)
    expect(await http.form("/oauth/revoke", { token: await signed("jwt", session) })).toMatchObject({
      status: 400,
      body: { error: "unsupported_token_type" }
    })
    expect((await http.get("/users/me", access)).status).toBe(200)
  })
})

describe.each(["/oauth/introspect", "/oauth/revoke"])("a request to %s", (path) => {
  it.each([
    ["no token", {}, "/token: This is missing"],
    ["an empty token, which is as good as none", { token: "" }, "/token: This is missing"],
    ["an unknown parameter", { token: "t", scope: "all" }, "/scope: This is not known here"],
    ["another client", { token: "t", client_id: "another" }, "/client_id"],
    ["a parameter twice", "token=a&token=b", "/token: This is given more than once"],
    ["a parameter twice, once empty", "token=&token=b", "/token: This is given more than once"],
    ["a broken escape", "token=%zz", "The body is not a well-formed form in UTF-8"],
    ["an escape that is not UTF-8", "token=%ff", "The body is not a well-formed form in UTF-8"]
  ])("with %s is 400 invalid_request, and says why", async (_what, form, says) => {
    const answer = await http.form(path, form, asker)
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({ error: "invalid_request", error_description: expect.stringContaining(says) })
    expect(answer.body.error_description).toMatch(/^[ !#-[\]-~]*$/u)
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })

  it("takes no JSON, no body beyond 64 KiB, no other method and no query", async () => {
    expect(await http.post(path, { token: "t" }, asker)).toMatchObject({
      status: 415,
      body: { error: "invalid_request", error_description: expect.stringContaining("x-www-form-urlencoded") }
    })
    expect(await http.form(path, { token: "t".repeat(65_536) }, asker)).toMatchObject({
      status: 413,
      body: { error: "invalid_request" }
    })
    const got = await http.get(path, asker)
    expect(got).toMatchObject({ status: 405, body: { error: "invalid_request" } })
    expect(got.headers.get("allow")).toBe("POST")
    expect(await http.form(`${path}?token=t`, { token: "t" }, asker)).toMatchObject({
      status: 400,
      body: { error: "invalid_request" }
    })
  })

  it("reads a plus as a space and percent-escapes as UTF-8, in names and values", async () => {
    expect((await http.form(path, "tok%65n=a+b%2Bc%C3%A9", asker)).status).toBe(200)
  })
})
