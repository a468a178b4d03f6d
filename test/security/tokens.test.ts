import { createHmac, sign as rsaSign } from "node:crypto"
import { createServer } from "node:http"
import { once } from "node:events"
import { connect } from "node:net"
import { text as textOf } from "node:stream/consumers"
import { DateTime, Effect, Layer } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { SigningKey } from "../../src/infra/key/SigningKey.ts"
import { layer as signerLayer } from "../../src/infra/token/TokenSigner.ts"
import { keyhole } from "../cli/keyhole.ts"
import { keyOf, withKeys } from "../infra/key/keys.ts"
import { PASSWORD, ada } from "../support/ada.ts"
import { type Http, newcomer, operator, startHttp } from "../support/http.ts"
import { type Answer, rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const DAY = 24 * 3600 * 1000
const CURRENT = { _tag: "Current" } as const
const retiring = (inMillis: number) => ({
  _tag: "Retiring" as const,
  until: DateTime.makeUnsafe(Date.now() + inMillis)
})

/** Key 0 is ours, key 1 a stranger's, key 2 one of ours that retires. */
const key = (index: 0 | 1 | 2, state: SigningKey["state"] = CURRENT) => Effect.runPromise(keyOf(index, state))
// Fresh: a layer is built once a run, and this one has other keys than the one whose place it takes.
const started = (...ring: ReadonlyArray<SigningKey>) =>
  startHttp(Layer.provide(Layer.fresh(signerLayer), withKeys(ring)))

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString("base64url")
const decode = (part: string | undefined) => JSON.parse(Buffer.from(part ?? "", "base64url").toString())
const partsOf = (token: string) => {
  const [head, body, tail] = token.split(".")
  return { head: head ?? "", body: body ?? "", tail: tail ?? "", header: decode(head), claims: decode(body) }
}

/** A token of this text, its signature good. */
const forge = (header: string | object, claims: string | object, { privateKey }: SigningKey): string => {
  const written = [header, claims].map((part) => encode(typeof part === "string" ? part : JSON.stringify(part)))
  const input = written.join(".")
  return `${input}.${rsaSign("sha256", Buffer.from(input), privateKey).toString("base64url")}`
}

let http: Http
let ours: SigningKey
let stranger: SigningKey
let asker: string
beforeAll(async () => {
  ;[ours, stranger] = await Promise.all([key(0), key(1)])
  http = await started(ours)
  asker = await operator(http)
})
afterAll(() => http.stop())

/** Nowhere is this token worth anything: not for a call, not for new tokens, not to a resource server that asks. */
const isRefused = async (token: string, what: string) => {
  expect(await http.get("/users/me", token), `call, ${what}`).toMatchObject({
    status: 401,
    body: { code: "token-invalid", detail: "Invalid token" }
  })
  expect(await http.post("/auth/refresh", { refresh_token: token }), `refresh, ${what}`).toMatchObject({
    status: 401,
    body: { code: "token-invalid" }
  })
  expect((await http.form("/oauth/introspect", { token }, asker)).body, `introspection, ${what}`).toEqual({
    active: false
  })
}

/** A live token of either kind, taken apart. */
const live = async () => {
  const person = await newcomer(http)
  return { person, access: partsOf(person.access), refresh: partsOf(person.refresh) }
}

describe("1. The algorithm is not the token's to choose", () => {
  it.each(["none", "None", "NONE", "nOnE", ""])("alg %j, signed or not, is refused", async (alg) => {
    const { access, refresh } = await live()
    for (const { header, claims } of [access, refresh]) {
      const token = forge({ ...header, alg }, claims, ours)
      const [head, body] = token.split(".")
      for (const each of [token, `${head}.${body}.`, `${head}.${body}`]) await isRefused(each, alg)
    }
  })

  it("an HMAC made with the public key, in any encoding of it, is refused", async () => {
    const { access } = await live()
    const { keys } = (await http.get("/.well-known/jwks.json")).body
    const secrets = [
      ours.publicKey.export({ format: "pem", type: "spki" }),
      ours.publicKey.export({ format: "pem", type: "pkcs1" }),
      ours.publicKey.export({ format: "der", type: "spki" }),
      ours.publicKey.export({ format: "der", type: "pkcs1" }),
      JSON.stringify(keys[0]),
      keys[0].n,
      Buffer.from(keys[0].n, "base64url")
    ]
    for (const secret of secrets) {
      for (const alg of ["HS256", "RS256"]) {
        const input = `${encode(JSON.stringify({ ...access.header, alg }))}.${access.body}`
        await isRefused(`${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`, alg)
      }
    }
  })

  it("an empty signature, and another token's, are refused", async () => {
    const { access, refresh } = await live()
    for (const tail of ["", "A".repeat(342), refresh.tail])
      await isRefused(`${access.head}.${access.body}.${tail}`, tail)
  })
})

describe("2. The key is not the token's to bring", () => {
  it("jwk, jku, x5u and x5c are not looked at, and no request goes out", async () => {
    let requests = 0
    const attacker = createServer((_request, response) => {
      requests += 1
      response.end(JSON.stringify({ keys: [stranger.jwk] }))
    })
    await once(attacker.listen(0, "127.0.0.1"), "listening")
    const address = attacker.address()
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/keys`
    const { access } = await live()
    for (const offer of [{ jwk: stranger.jwk }, { jku: url }, { x5u: url }, { x5c: ["MIIB"] }]) {
      for (const kid of [stranger.id, ours.id]) {
        await isRefused(forge({ ...access.header, kid, ...offer }, access.claims, stranger), Object.keys(offer).join())
      }
      // With our signature it is our token, whatever else its header says.
      const mine = await http.get("/users/me", forge({ ...access.header, ...offer }, access.claims, ours))
      expect(mine.status).toBe(200)
    }
    attacker.close()
    expect(requests).toBe(0)
  })

  it.each([
    ["a path", "../../../../etc/passwd"],
    ["SQL", "' or '1'='1"],
    ["a name of every object", "__proto__"],
    ["unknown", "A".repeat(43)],
    ["empty", ""],
    ["a number", 1],
    ["missing", undefined]
  ])("a kid that is %s is refused", async (what, kid) => {
    const { access } = await live()
    await isRefused(forge({ ...access.header, kid }, access.claims, ours), what)
  })

  it("a kid of 10 kB is refused", async () => {
    const { access } = await live()
    await isRefused(forge({ ...access.header, kid: "k".repeat(10_000) }, access.claims, ours), "long")
  })

  it("a critical extension is refused, known by name or not", async () => {
    const { access } = await live()
    for (const crit of [["exp"], ["b64"], ["unheard-of"], []]) {
      await isRefused(forge({ ...access.header, crit, b64: true, "unheard-of": 1 }, access.claims, ours), crit.join())
    }
  })
})

describe("3. A token is for one use, one service and one time", () => {
  it("a refresh token is no access token, and the other way round", async () => {
    const { person } = await live()
    expect(await http.get("/users/me", person.refresh)).toMatchObject({ status: 401, body: { code: "token-invalid" } })
    expect(await http.post("/auth/refresh", { refresh_token: person.access })).toMatchObject({
      status: 401,
      body: { code: "token-invalid" }
    })
    expect(await http.form("/oauth/introspect", { token: person.access }, person.refresh)).toMatchObject({
      status: 401
    })
  })

  it("another typ, issuer or audience is refused", async () => {
    const { access } = await live()
    for (const typ of ["jwt", "JWT", "AT+JWT", "application/at+jwt", "", undefined]) {
      await isRefused(forge({ ...access.header, typ }, access.claims, ours), `typ ${typ}`)
    }
    for (const wrong of [
      { iss: "https://elsewhere.example" },
      { iss: `${access.claims.iss}/` },
      { iss: undefined },
      { aud: "another" },
      { aud: [access.claims.aud] },
      { aud: undefined }
    ]) {
      await isRefused(forge(access.header, { ...access.claims, ...wrong }, ours), JSON.stringify(wrong))
    }
  })

  it("an exp that is missing or no whole number is refused", async () => {
    const { access } = await live()
    const later = access.claims.exp
    for (const exp of [undefined, null, String(later), later + 0.5, [later], { later }]) {
      await isRefused(forge(access.header, { ...access.claims, exp }, ours), String(exp))
    }
  })

  it("one of tomorrow is refused, one of yesterday has expired; a few seconds are forgiven, as configured", async () => {
    const { access } = await live()
    const now = Math.floor(Date.now() / 1000)
    const ask = (claims: object) => http.get("/users/me", forge(access.header, { ...access.claims, ...claims }, ours))
    expect(await ask({ nbf: now + 3600 })).toMatchObject({ status: 401, body: { code: "token-invalid" } })
    expect(await ask({ nbf: now + 60 })).toMatchObject({ status: 401, body: { code: "token-invalid" } })
    expect((await ask({ nbf: now + 4 })).status).toBe(200)
    const expired = { status: 401, body: { code: "token-expired", detail: "Token has expired" } }
    expect(await ask({ exp: now - 3600 })).toMatchObject(expired)
    expect(await ask({ exp: now - 6 })).toMatchObject(expired)
    expect((await ask({ exp: now })).status).toBe(200)
  })
})

describe("4. A token has one spelling", () => {
  it("a bit that is flipped anywhere is refused", async () => {
    const { person } = await live()
    for (let index = 0; index < person.access.length; index += 11) {
      const other = String.fromCharCode(person.access.charCodeAt(index) ^ 1)
      const token = person.access.slice(0, index) + other + person.access.slice(index + 1)
      expect((await http.get("/users/me", token)).status, `${index}`).toBe(401)
    }
  })

  it("base64url that is not canonical is refused", async () => {
    const { access } = await live()
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    const bytes = Buffer.from(access.tail, "base64url")
    const twins = [...alphabet]
      .map((letter) => access.tail.slice(0, -1) + letter)
      .filter((twin) => twin !== access.tail && Buffer.from(twin, "base64url").equals(bytes))
    expect(twins.length).toBeGreaterThan(0)
    for (const tail of [...twins, `${access.tail}==`, bytes.toString("base64")]) {
      await isRefused(`${access.head}.${access.body}.${tail}`, tail)
    }
  })

  it("JWS in JSON, five parts, two parts and none are refused", async () => {
    const { person, access } = await live()
    const json = JSON.stringify({ payload: access.body, protected: access.head, signature: access.tail })
    for (const token of [json, `${person.access}.x.y`, `${access.head}.${access.body}`, "..", "x"]) {
      await isRefused(token, token)
    }
  })

  it("a name that comes twice is refused, in the header and in the claims", async () => {
    const { access } = await live()
    const twice = (part: object, member: string) => `{${member},${JSON.stringify(part).slice(1)}`
    await isRefused(forge(twice(access.header, '"alg":"none"'), access.claims, ours), "alg")
    await isRefused(forge(twice(access.header, '"kid":"x"'), access.claims, ours), "kid")
    await isRefused(forge(access.header, twice(access.claims, '"sub":"eve"'), ours), "sub")
  })

  it("one of 1 MB is a cheap 4xx wherever it is sent", async () => {
    const big = "a".repeat(1_000_000)
    const socket = connect(Number(new URL(http.url).port), "127.0.0.1")
    socket.on("error", () => undefined)
    socket.write(`GET /users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${big}\r\nConnection: close\r\n\r\n`)
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 431 /u)
    expect((await http.post("/auth/refresh", { refresh_token: big })).status).toBe(413)
    expect((await http.form("/oauth/revoke", { token: big })).status).toBe(413)
    expect((await http.post("/auth/refresh", { refresh_token: big.slice(0, 60_000) })).status).toBe(401)
  })
})

describe("5. A key counts until its deadline, and not after", () => {
  it("one that retires is accepted and published before it, and neither after it", async () => {
    const tokenOf = async (service: Http, retired: SigningKey) => {
      const { header, claims } = partsOf((await newcomer(service)).access)
      return forge({ ...header, kid: retired.id }, claims, retired)
    }
    for (const [left, status] of [
      [DAY, 200],
      [-1, 401]
    ] as const) {
      const retired = await key(2, retiring(left))
      const service = await started(ours, retired)
      expect((await service.get("/users/me", await tokenOf(service, retired))).status).toBe(status)
      const { keys } = (await service.get("/.well-known/jwks.json")).body
      expect(keys.map(({ kid }: { kid: string }) => kid).includes(retired.id)).toBe(status === 200)
      await service.stop()
    }
  })
})

describe("5. On several instances, with the command line beside them", () => {
  const folder = disposableFolder()
  const settings = {
    KEYHOLE_DATA_DIR: folder.path,
    KEYHOLE_ARGON2_MEMORY: "8192",
    KEYHOLE_ARGON2_TIME: "1",
    KEYHOLE_REFRESH_GRACE: "5 minutes"
  }
  let services: ReadonlyArray<Service>
  const all = () => services.map(({ url }) => rest(url))
  const command = (...args: ReadonlyArray<string>) => Effect.runPromise(keyhole(["keys", ...args], settings))
  /** Tokens of before the rotation. */
  let before: { readonly access_token: string; readonly refresh_token: string }
  const kidOf = (token: string) => String(partsOf(token).header.kid)

  beforeAll(async () => {
    services = await Promise.all([startService(settings), startService(settings)])
    await rest(services[0]?.url ?? "").post("/auth/register", ada)
  })
  afterAll(async () => {
    await Promise.all(services.map((service) => service.end("SIGTERM")))
    folder[Symbol.dispose]()
  })

  it("a token that is revoked on one is refused on the other", async () => {
    const [here, there] = all()
    const { access_token } = (await here?.post("/auth/login", ada))?.body ?? {}
    expect((await there?.get("/users/me", access_token))?.status).toBe(200)
    await here?.post("/auth/logout", undefined, access_token)
    expect(await there?.get("/users/me", access_token)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
  })

  it("a rotation by command counts at once: new tokens have the new kid, those of before go on", async () => {
    const [here] = all()
    before = (await here?.post("/auth/login", ada))?.body
    const replaced = (await here?.post("/auth/login", ada))?.body.refresh_token
    const successor = (await here?.post("/auth/refresh", { refresh_token: replaced }))?.body.refresh_token
    const { status, stdout } = await command("rotate")
    expect(status).toBe(0)
    expect(stdout.trim()).not.toBe(kidOf(before.access_token))
    for (const { get, post } of all()) {
      expect((await get("/users/me", before.access_token)).status).toBe(200)
      // The grace signs the live token again, with the key that it was signed with.
      expect((await post("/auth/refresh", { refresh_token: replaced })).body.refresh_token).toBe(successor)
      const { body } = await post("/auth/login", ada)
      expect(kidOf(body.access_token)).toBe(stdout.trim())
      expect((await get("/.well-known/jwks.json")).body.keys).toHaveLength(3)
    }
  })

  it("a key that is dropped takes every token it signed with it, everywhere and at once, and no other", async () => {
    const [here] = all()
    const leaked = (await here?.post("/auth/login", ada))?.body
    for (const { get } of all()) expect((await get("/users/me", leaked.access_token)).status).toBe(200)
    const { body: replaced } = (await here?.post("/auth/refresh", { refresh_token: before.refresh_token })) ?? {}
    expect(kidOf(replaced.refresh_token)).toBe(kidOf(leaked.access_token))
    const kid = kidOf(leaked.access_token)
    const { status, stdout, stderr } = await command("rotate", "--drop", "current")
    expect({ status, said: stderr.includes(`${kid} is gone`) }).toEqual({ status: 0, said: true })
    for (const { get, post } of all()) {
      expect(await get("/users/me", leaked.access_token)).toMatchObject({
        status: 401,
        body: { code: "token-invalid" }
      })
      expect(await post("/auth/refresh", { refresh_token: leaked.refresh_token })).toMatchObject({
        status: 401,
        body: { code: "token-invalid" }
      })
      // Of the retired key, but what it was replaced by is gone.
      expect((await post("/auth/refresh", { refresh_token: before.refresh_token })).status).toBe(401)
      expect((await get("/users/me", before.access_token)).status).toBe(200)
      const { keys } = (await get("/.well-known/jwks.json")).body
      expect(keys.map((each: { kid: string }) => each.kid)).not.toContain(kid)
      const again = await post("/auth/login", ada)
      expect(kidOf(again.body.access_token)).toBe(stdout.trim())
      expect((await get("/users/me", again.body.access_token)).status).toBe(200)
    }
    const { keys } = JSON.parse((await command("list", "--json")).stdout)
    expect(keys.map(({ state }: { state: string }) => state).toSorted()).toEqual(["current", "next", "retiring"])
  })
})

describe("6. No two tokens are one, and only ours revoke", () => {
  it("a thousand sign-ins give tokens of which each has a jti of its own", async () => {
    const people = await Promise.all(Array.from({ length: 100 }, () => newcomer(http)))
    const answers: Array<Answer> = []
    for (let round = 0; round < 10; round++) {
      const logins = people.map(({ email }) => http.post("/auth/login", { email, password: PASSWORD }))
      answers.push(...(await Promise.all(logins)))
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const tokens = answers.flatMap(({ body }) => [String(body.access_token), String(body.refresh_token)])
    const ids = tokens.map((token) => String(partsOf(token).claims.jti))
    expect(new Set(ids).size).toBe(2000)
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/u)
  })

  it("a stranger's token for somebody's session revokes nothing, at log-out and at revocation", async () => {
    const { person, access, refresh } = await live()
    for (const { header, claims } of [access, refresh]) {
      for (const kid of [ours.id, stranger.id]) {
        const forged = forge({ ...header, kid }, claims, stranger)
        expect(await http.post("/auth/logout", { refresh_token: forged }, forged)).toMatchObject({
          status: 200,
          body: { revoked: false }
        })
        expect((await http.form("/oauth/revoke", { token: forged })).status).toBe(200)
      }
    }
    expect((await http.get("/users/me", person.access)).status).toBe(200)
    expect((await http.post("/auth/refresh", { refresh_token: person.refresh })).status).toBe(200)
  })
})

describe("7. A token in the query string or in a form", () => {
  it.each(["access_token", "token", "bearer"])("makes nobody a caller: %s", async (name) => {
    const { person } = await live()
    expect(await http.get(`/users/me?${name}=${person.access}`)).toMatchObject({
      status: 401,
      body: { code: "token-missing" }
    })
    expect(await http.form("/oauth/introspect", { token: person.access, [name]: asker })).toMatchObject({ status: 401 })
    expect((await http.form(`/oauth/revoke?token=${person.access}`, {})).status).toBe(400)
    expect((await http.get("/users/me", person.access)).status).toBe(200)
  })
})
