import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { keyhole } from "../cli/keyhole.ts"
import { PASSWORD, ada } from "../support/ada.ts"
import { rest } from "../support/rest.ts"
import { startService } from "../support/service.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const NEW_PASSWORD = "a harbour in the morning"
const WRONG_PASSWORD = "a wrong turn in the fog"
const REGISTRY_PASSWORD = "canary-of-the-registry"

/** How a secret could be written down. */
const forms = (secret: string) => {
  const bytes = Buffer.from(secret)
  return [
    secret,
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(secret)
  ]
}

/** Of a token: itself, and the part that makes it one. What it says of itself is no secret. */
const partsOf = (token: string) => [token, token.split(".")[2] ?? token]

/** How an RSA key with its private half begins, in DER (PKCS #8, PKCS #1) and as base64. */
const PRIVATE_KEY = [
  Buffer.from("020100300d06092a864886f70d0101010500", "hex").toString("latin1"),
  "MIIEv",
  "MIIEo",
  "MIIEp",
  "PRIVATE KEY",
  '"d":',
  '"dp":'
]

const service = (env: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.promise(() => startService(env)),
    ({ end }) => Effect.promise(() => end("SIGTERM"))
  )

/** Everything in the database that is text, each once. */
const textsIn = (file: string): ReadonlyArray<string> => {
  using database = new DatabaseSync(file, { readOnly: true })
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
  const cells = tables.flatMap(({ name }) =>
    database
      .prepare(`select * from "${String(name)}"`)
      .all()
      .flatMap((row) => Object.values(row))
  )
  return [...new Set(cells.filter((cell) => typeof cell === "string"))]
}

describe("14. A database dump", () => {
  it.live("holds no usable token, key or password, whatever was done before it was taken", () =>
    Effect.gen(function* () {
      const data = join(yield* temporaryFolder, "data")
      const env = {
        KEYHOLE_DATA_DIR: data,
        KEYHOLE_ARGON2_MEMORY: "1024",
        KEYHOLE_ARGON2_TIME: "1",
        KEYHOLE_RATE_LIMIT: "off"
      }
      const { url } = yield* service(env)
      const api = rest(url)

      const secrets: Array<string> = [PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, REGISTRY_PASSWORD]
      const remember = ({ body }: { readonly body: Record<string, unknown> }) => {
        for (const name of ["access_token", "refresh_token"]) secrets.push(...partsOf(String(body[name])))
        return String(body["access_token"])
      }
      yield* Effect.promise(async () => {
        const register = (email: string) => api.post("/auth/register", { email, password: PASSWORD, name: "Somebody" })
        const registered = await register(ada.email)
        remember(registered)
        for (let turn = 0; turn < 3; turn++) {
          remember(await api.post("/auth/refresh", { refresh_token: registered.body.refresh_token }))
        }
        await api.post("/auth/login", { email: "ada@example.com", password: WRONG_PASSWORD })
        await api.post("/auth/login", {
          email: `${WRONG_PASSWORD.replaceAll(" ", ".")}@example.com`,
          password: PASSWORD
        })
        const token = remember(await api.post("/auth/login", ada))
        const passwords = { current_password: PASSWORD, new_password: NEW_PASSWORD }
        await api.put("/users/me/password", { ...passwords, current_password: WRONG_PASSWORD }, token)
        await api.put("/users/me/password", passwords, token)
        const browser = await api.post("/auth/login", {
          email: "ada@example.com",
          password: NEW_PASSWORD,
          mode: "cookie"
        })
        const [, secret = ""] = /^__Host-session_id=([^;]+)/u.exec(browser.headers.get("set-cookie") ?? "") ?? []
        assert.lengthOf(secret, 64)
        secrets.push(secret)
        remember(await register("bob@example.com"))
        await api.post("/auth/logout-all", undefined, remember(await register("eve@example.com")))
      })
      for (const [email, role] of [
        ["ada@example.com", "admin"],
        ["bob@example.com", "operator"]
      ] as const) {
        assert.strictEqual((yield* keyhole(["users", "grant", email, role], env)).status, 0)
      }
      yield* Effect.promise(async () => {
        const login = (email: string, password: string) => api.post("/auth/login", { email, password })
        const root = remember(await login("ada@example.com", NEW_PASSWORD))
        const bob = remember(await login("bob@example.com", PASSWORD))
        const kept = await api.put(
          "/registries/ghcr.io/credentials",
          { username: "bob", password: REGISTRY_PASSWORD },
          bob
        )
        assert.strictEqual(kept.status, 204)
        await api.put("/roles/auditor", { permissions: ["event:read"] }, root)
        await api.get("/images/files?image=127.0.0.1:1/team/app", bob)
        await api.get(`/users/me?access_token=${root}`, undefined, { "user-agent": "a browser" })
      })

      // The secret is kept apart from the database, or a dump would open itself.
      const files = readdirSync(data).filter((name) => name !== "secret")
      assert.include(files, "keyhole.db")
      const dump = files.map((name) => readFileSync(join(data, name)).toString("latin1")).join("\n")
      assert.include(dump, "registry.credential.set")
      for (const secret of secrets) for (const form of forms(secret)) assert.notInclude(dump, form)
      for (const mark of PRIVATE_KEY) assert.notInclude(dump, mark)
      assert.notInclude(dump, readFileSync(join(data, "secret"), "utf8").trim())

      const texts = textsIn(join(data, "keyhole.db"))
      const hashes = texts.filter((cell) => cell.startsWith("$"))
      assert.lengthOf(hashes, 3)
      for (const hash of hashes) assert.match(hash, /^\$argon2id\$v=19\$/u)
      assert.isAbove(texts.length, 50)
      yield* Effect.promise(async () => {
        for (const cell of texts.filter((each) => /^[\x21-\x7e]{8,}$/u.test(each))) {
          const bearer = await api.get("/users/me", cell)
          assert.strictEqual(bearer.status, 401, `as an access token: ${cell}`)
          const refresh = await api.post("/auth/refresh", { refresh_token: cell })
          assert.strictEqual(refresh.status, 401, `as a refresh token: ${cell}`)
          const cookie = await api.get("/users/me", undefined, { cookie: `__Host-session_id=${cell}` })
          assert.strictEqual(cookie.status, 401, `as a cookie: ${cell}`)
          const login = await api.post("/auth/login", { email: "ada@example.com", password: cell })
          assert.strictEqual(login.status, 401, `as a password: ${cell}`)
        }
      })
    })
  )
})
