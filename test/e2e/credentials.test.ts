import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { gzipSync } from "node:zlib"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { keyhole } from "../cli/keyhole.ts"
import { PASSWORD } from "../support/ada.ts"
import { tarball } from "../domain/image/support/tarball.ts"
import { fakeRegistry } from "../support/registry/fake.ts"
import { image } from "../support/registry/layout.ts"
import { realRegistry } from "../support/registry/real.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { basic, type TokenServer } from "../support/registry/tokenServer.ts"
import { type Answer, type Rest, rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"

const CANARY = "canary-pass:wörd-of-ada"
const ADA = basic("ada-at-registry", CANARY)

const app = image([gzipSync(tarball({ name: "etc/motd", content: "for Ada's eyes only" }))])

interface Person {
  readonly email: string
  readonly token: string
}

/** A service, two operators, a registry where only Ada may read, and another that takes whatever it is shown. */
class World extends Context.Service<
  World,
  {
    readonly api: Rest
    readonly service: Service
    readonly data: string
    readonly env: Readonly<Record<string, string>>
    readonly ada: Person
    readonly bob: Person
    readonly tokens: TokenServer
    /** The registry together with its token server, under one name. */
    readonly host: string
    readonly other: Effect.Success<ReturnType<typeof fakeRegistry>>
  }
>()("keyhole/test/CredentialsWorld") {}

const world = Layer.effect(
  World,
  Effect.gen(function* () {
    const registry = yield* realRegistry({ auth: "token", readers: { [ADA]: ["team/private"] } })
    const { tokens } = registry
    assert(tokens !== undefined)
    yield* registry.pushImage(app, "team/private:1")
    tokens.standBefore(registry.host)
    const { host } = new URL(tokens.realm)
    const other = yield* fakeRegistry({ auth: "basic" })
    other.put("team/private", app, "1")
    const data = join(yield* temporaryFolder, "data")
    const env = {
      KEYHOLE_DATA_DIR: data,
      KEYHOLE_ARGON2_MEMORY: "8192",
      KEYHOLE_ARGON2_TIME: "1",
      KEYHOLE_REGISTRY_PRIVATE: `${host},${other.host}`,
      KEYHOLE_REGISTRY_INSECURE: `${host},${other.host}`
    }
    const service = yield* Effect.acquireRelease(
      Effect.promise(() => startService(env)),
      ({ end }) => Effect.promise(() => end("SIGTERM"))
    )
    const api = rest(service.url)
    const enrol = Effect.fnUntraced(function* (email: string) {
      const { body } = yield* Effect.promise(() => api.post("/auth/register", { email, password: PASSWORD }))
      const granted = yield* keyhole(["users", "grant", email, "operator"], env)
      assert.strictEqual(granted.status, 0, granted.stderr)
      return { email, token: String(body.access_token) }
    })
    const [ada, bob] = [yield* enrol("ada@example.com"), yield* enrol("bob@example.com")]
    return { api, service, data, env, ada, bob, tokens, host, other }
  })
)

const at = (host: string) => `/registries/${encodeURIComponent(host)}/credentials`

/** Every way to look into an image. */
const looks = ["/images/tags", "/images/manifest", "/images/files", "/images/file?path=/etc/motd"]

const look = Effect.fnUntraced(function* (who: Person, path: string, host: string) {
  const { api } = yield* World
  const query = `${path.includes("?") ? "&" : "?"}image=${encodeURIComponent(`${host}/team/private:1`)}`
  return yield* Effect.promise(() => api.get(path + query, who.token))
})

const lookEveryWay = (who: Person, host: string) => Effect.forEach(looks, (path) => look(who, path, host))

const statuses = (answers: ReadonlyArray<Answer>) => [...new Set(answers.map(({ status }) => status))]

layer(world, { timeout: "2 minutes", excludeTestServices: true })("registry credentials", (it) => {
  it.effect("open a private repository to their owner and to nobody else, until they are removed", () =>
    Effect.gen(function* () {
      const { api, ada, bob, tokens, host } = yield* World
      const put = (who: Person, username: string, password: string) =>
        Effect.promise(() => api.put(at(host), { username, password }, who.token))
      const since = tokens.shown.length
      const shown = () => [...new Set(tokens.shown.slice(since))]

      assert.deepStrictEqual(statuses(yield* lookEveryWay(ada, host)), [403])
      assert.deepStrictEqual(shown(), [undefined])

      assert.strictEqual((yield* put(ada, "ada-at-registry", CANARY)).status, 204)
      assert.deepStrictEqual(statuses(yield* lookEveryWay(ada, host)), [200])
      assert.include((yield* look(ada, "/images/file?path=/etc/motd", host)).body, "for Ada's eyes only")
      assert.deepStrictEqual(shown(), [undefined, ADA])

      // Bob looks at what Ada has just looked at, first without credentials, then with his own.
      const before = tokens.shown.length
      assert.deepStrictEqual(statuses(yield* lookEveryWay(bob, host)), [403])
      assert.deepStrictEqual(new Set(tokens.shown.slice(before)), new Set([undefined]))
      yield* put(bob, "bob-at-registry", "another secret")
      const between = tokens.shown.length
      assert.deepStrictEqual(statuses(yield* lookEveryWay(bob, host)), [403])
      assert.deepStrictEqual(
        new Set(tokens.shown.slice(between)),
        new Set([basic("bob-at-registry", "another secret")])
      )

      const removed = yield* Effect.promise(() => api.delete(at(host), ada.token))
      assert.strictEqual(removed.status, 204)
      const after = tokens.shown.length
      assert.deepStrictEqual(statuses(yield* lookEveryWay(ada, host)), [403])
      assert.deepStrictEqual(new Set(tokens.shown.slice(after)), new Set([undefined]))
      yield* put(ada, "ada-at-registry", CANARY)
    })
  )

  it.effect("are shown to no other host, not even to one that asks for them", () =>
    Effect.gen(function* () {
      const { ada, other, api } = yield* World
      assert.deepStrictEqual(statuses(yield* lookEveryWay(ada, other.host)), [403])
      assert.isAbove(other.requests.length, 0)
      assert.deepStrictEqual(new Set(other.requests.map(({ headers }) => headers.authorization)), new Set([undefined]))
      const own = { username: "elsewhere", password: "elsewhere" }
      yield* Effect.promise(() => api.put(at(other.host), own, ada.token))
      assert.deepStrictEqual(statuses(yield* lookEveryWay(ada, other.host)), [200])
      const shown = new Set(other.requests.map(({ headers }) => headers.authorization))
      assert.deepStrictEqual(shown, new Set([undefined, basic("elsewhere", "elsewhere")]))
    })
  )

  it.effect("are not the command line's", () =>
    Effect.gen(function* () {
      const { host, env } = yield* World
      const denied = yield* keyhole(["peek", `${host}/team/private:1`], env)
      assert.strictEqual(denied.status, 1)
      assert.include(denied.stderr, "refuses team/private")
    })
  )

  it.effect("are in no answer, no log line, no event and no file", () =>
    Effect.gen(function* () {
      const { ada, api, data, host, other, service, tokens } = yield* World
      yield* Effect.promise(() => api.put(at(host), { username: "ada-at-registry", password: CANARY }, ada.token))
      yield* Effect.promise(() => api.put(at(other.host), { username: "ada-at-registry", password: CANARY }, ada.token))
      const wrong = [
        { username: "ada-at-registry", password: CANARY.repeat(1000) },
        { username: "ada-at-registry", password: CANARY, token: CANARY },
        { username: { CANARY }, password: CANARY },
        { username: "", password: { CANARY } }
      ]
      const seen = yield* Effect.promise(() => Promise.all(wrong.map((body) => api.put(at(host), body, ada.token))))
      const looked = [...(yield* lookEveryWay(ada, host)), yield* look(ada, "/images/file?path=/no", host)]
      // A registry that asks for the password, and then refuses it and answers with what it was shown.
      for (const status of [400, 401, 403, 418]) {
        const echo: Parameters<typeof other.on>[1] = ({ headers: { authorization } }, response) => {
          const said = authorization ?? "ada"
          response.writeHead(authorization === undefined ? 401 : status, {
            "WWW-Authenticate": `Basic realm="${said}"`
          })
          response.end(said)
        }
        other.on("/v2/", echo, 2)
        looked.push(yield* look(ada, "/images/manifest", other.host))
      }
      other.on("/v2/", (_request, response) => response.destroy(), 4)
      looked.push(yield* look(ada, "/images/manifest", other.host))
      const listed = yield* Effect.promise(() => api.get("/registries", ada.token))
      assert.include(JSON.stringify(listed.body), "ada-at-registry")
      assert.include(tokens.shown, ADA)
      const answers = [...seen, ...looked, listed].map(({ headers, body }) => JSON.stringify([[...headers], body]))

      const files = readdirSync(data).map((name) => readFileSync(join(data, name)).toString("latin1"))
      assert.isTrue(files.some((text) => text.includes("registry.credential.set")))
      using database = new DatabaseSync(join(data, "keyhole.db"), { readOnly: true })
      const events = JSON.stringify(database.prepare("select * from security_event").all())
      assert.include(events, "registry.credential.set")
      const forms = [
        CANARY,
        "canary-pass",
        ADA.slice(6),
        Buffer.from(CANARY).toString("base64"),
        encodeURIComponent(CANARY)
      ]
      for (const text of [...answers, ...files, events, service.output()]) {
        for (const form of [...forms, Buffer.from(CANARY).toString("latin1")]) assert.notInclude(text, form)
      }
    })
  )
})
