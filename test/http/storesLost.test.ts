import { Effect, Layer, Redacted } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { UserRepository } from "../../src/domain/identity/UserRepository.ts"
import { SessionStore } from "../../src/domain/session/SessionStore.ts"
import { StorageUnavailable } from "../../src/domain/storage/StorageUnavailable.ts"
import { TokenSettings } from "../../src/domain/token/TokenSettings.ts"
import { TokenSigner } from "../../src/domain/token/TokenSigner.ts"
import { TokenStorage } from "../../src/domain/token/TokenStorage.ts"
import { ada } from "../support/ada.ts"
import { type Http, startHttp } from "../support/http.ts"

const lost = () => Effect.fail(new StorageUnavailable({ store: "database", cause: "canary" }))

let http: Http
let token: string
beforeAll(async () => {
  http = await startHttp(
    Layer.mergeAll(
      Layer.mock(SessionStore, { find: lost, hold: lost }),
      Layer.mock(TokenStorage, { get: lost, store: lost, delete: lost }),
      Layer.mock(UserRepository, { findAccount: lost, findById: lost })
    )
  )
  token = await http.run(
    Effect.gen(function* () {
      const signer = yield* TokenSigner
      const { issuer, audience } = yield* TokenSettings
      const now = Math.floor(Date.now() / 1000)
      const names = { iss: issuer, aud: audience, sub: "somebody", sid: "sess_0123456789abcdef", jti: "A".repeat(22) }
      const rest = { iat: now, nbf: now, exp: now + 60, client_id: "keyhole", roles: [], scope: "" }
      return Redacted.value(yield* signer.sign("at+jwt", { ...names, ...rest }, yield* signer.currentKey))
    })
  )
})
afterAll(() => http.stop())

describe("with the stores lost", () => {
  it.each([
    ["GET /users/me", () => http.get("/users/me", token)],
    ["POST /auth/login", () => http.post("/auth/login", ada)],
    ["GET /images/manifest", () => http.get("/images/manifest?image=alpine", token)]
  ])("%s is 503 with Retry-After, and never a guess", async (_call, ask) => {
    const answer = await ask()
    expect(answer).toMatchObject({ status: 503, body: { code: "storage-unavailable" } })
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/u)
    expect(JSON.stringify(answer.body)).not.toContain("canary")
  })

  it("a log-out is 200 all the same, and honest", async () => {
    expect(await http.post("/auth/logout", undefined, token)).toMatchObject({
      status: 200,
      body: {
        message: "Logout completed",
        detail: "Local session cleared (backend cleanup may have failed)",
        revoked: false
      }
    })
  })

  it.each(["introspect", "revoke"])("POST /oauth/%s is 503 with Retry-After, in OAuth's words", async (endpoint) => {
    const answer = await http.form(`/oauth/${endpoint}`, { token }, token)
    expect(answer).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } })
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/u)
    expect(JSON.stringify(answer.body)).not.toContain("canary")
  })

  it("the process is alive", async () => {
    expect((await http.get("/livez")).status).toBe(200)
  })
})
