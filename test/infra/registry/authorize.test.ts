import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option, Redacted } from "effect"
import { RegistryCredentials } from "../../../src/domain/registry/RegistryCredentials.ts"
import { type FakeRegistry, fakeRegistry } from "../../support/registry/fake.ts"
import { image } from "../../support/registry/layout.ts"
import { type ClientOptions, client, open, openSession } from "../../support/registry/session.ts"

const pushed = image([Buffer.from("layer")])

/** Nothing but `host` has these credentials. */
const credentialsFor = (host: string, identityToken?: string) =>
  Layer.succeed(RegistryCredentials, {
    forHost: (asked) =>
      Effect.succeed(
        asked === host
          ? Option.some({
              username: "ada",
              password: Redacted.make("pass:wörd"),
              ...(identityToken === undefined ? {} : { identityToken: Redacted.make(identityToken) })
            })
          : Option.none()
      )
  })

const BASIC = `Basic ${Buffer.from("ada:pass:wörd").toString("base64")}`

const manifest = (registry: FakeRegistry, options: ClientOptions = {}, name = "team/app") =>
  Effect.gen(function* () {
    const session = yield* openSession(`${registry.host}/${name}`)
    return yield* session.manifest("latest")
  }).pipe(Effect.provide(client({ ...open(registry.host), ...options })))

describe("authorization", () => {
  it.live("the first request goes bare; its refusal says where the token is to be had", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      yield* manifest(registry)
      const [bare, token, proved, ...more] = registry.requests
      assert.isUndefined(bare?.headers.authorization)
      assert.strictEqual(token?.url.pathname, "/token")
      assert.match(proved?.headers.authorization ?? "", /^Bearer token-/u)
      assert.deepStrictEqual(more, [])
    })
  )

  it.live(
    "whatever the challenge offers, only leave to pull is asked for; scopes of another form pass as they are",
    () =>
      Effect.gen(function* () {
        const scope = (repository: string) => `repository:${repository}:pull,push,delete aws registry:catalog:*`
        const registry = yield* fakeRegistry({ auth: "bearer", scope })
        registry.put("team/app", pushed)
        yield* manifest(registry)
        const [asked] = registry.to("/token")
        assert.deepStrictEqual(asked?.url.searchParams.getAll("scope"), ["repository:team/app:pull", "aws"])
        assert.strictEqual(asked?.url.searchParams.get("service"), "fake")
      })
  )

  it.live("a token that expires midway is renewed once, unnoticed, also where the registry says 400", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      const session = yield* openSession(`${registry.host}/team/app`).pipe(Effect.provide(client(open(registry.host))))
      yield* session.manifest("latest")
      registry.expireTokens()
      yield* session.manifest("latest")
      registry.on("tags", (_request, response) => response.writeHead(400).end(), 1)
      yield* session.tags({})
      assert.strictEqual(registry.to("/token").length, 3)
    })
  )

  it.live("many requests refused at once share one renewal", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      const session = yield* openSession(`${registry.host}/team/app`).pipe(Effect.provide(client(open(registry.host))))
      yield* Effect.replicateEffect(session.manifest("latest"), 10, { concurrency: "unbounded" })
      assert.strictEqual(registry.to("/token").length, 1)
    })
  )

  it.live("a token about to expire is renewed before it is used again", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      const issued = new Date(Date.now() - 3_600_000).toISOString()
      registry.on("/token", (request, response) => {
        registry.tokens.set("old", request.url.searchParams.getAll("scope"))
        response.end(JSON.stringify({ access_token: "old", expires_in: 3600, issued_at: issued }))
      })
      const session = yield* openSession(`${registry.host}/team/app`).pipe(Effect.provide(client(open(registry.host))))
      yield* session.manifest("latest")
      yield* session.manifest("latest")
      assert.deepStrictEqual(
        registry.requests.map(({ url }) => url.pathname.split("/").at(-1)),
        ["latest", "token", "latest", "token", "latest"]
      )
    })
  )

  it.live(
    "a token server that grants nothing, and a registry that refuses for ever, are believed after one renewal",
    () =>
      Effect.gen(function* () {
        const registry = yield* fakeRegistry({ auth: "bearer" })
        registry.on("/token", (_request, response) => response.end('{"token":"of-no-worth"}'))
        const error = yield* Effect.flip(manifest(registry))
        assert.strictEqual(error._tag, "RegistryDenied")
        assert.strictEqual(registry.to("/token").length, 1)
        assert.strictEqual(registry.to("manifests").length, 2)
      })
  )

  it.live("credentials go to the registry's own realm, in UTF-8", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      yield* manifest(registry, { credentials: credentialsFor(registry.host) })
      assert.strictEqual(registry.to("/token")[0]?.headers.authorization, BASIC)
    })
  )

  it.live("any other realm is asked anonymously, unless it is bound to the registry", () =>
    Effect.gen(function* () {
      const elsewhere = yield* fakeRegistry()
      const registry = yield* fakeRegistry({ auth: "bearer", realm: `http://${elsewhere.host}/token` })
      const options = { ...open(registry.host, elsewhere.host), credentials: credentialsFor(registry.host) }
      yield* Effect.flip(manifest(registry, options))
      yield* Effect.flip(
        manifest(registry, { ...options, realms: [{ registry: registry.host, realm: elsewhere.host }] })
      )
      assert.deepStrictEqual(
        elsewhere.requests.map(({ headers }) => headers.authorization),
        [undefined, BASIC]
      )
    })
  )

  it.live("Basic is answered with credentials where there are any, and is a refusal where there are none", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "basic" })
      registry.put("team/app", pushed)
      assert.strictEqual((yield* Effect.flip(manifest(registry)))._tag, "RegistryDenied")
      assert.strictEqual(registry.requests.length, 1)
      yield* manifest(registry, { credentials: credentialsFor(registry.host) })
      assert.strictEqual(registry.requests.at(-1)?.headers.authorization, BASIC)
    })
  )

  it.live("an identity token goes by OAuth2's POST, and by GET where a token server does not know that", () =>
    Effect.gen(function* () {
      for (const status of [404, 405]) {
        const registry = yield* fakeRegistry({ auth: "bearer", scope: () => "aws" })
        registry.put("team/app", pushed)
        registry.on("/token", (_request, response) => response.writeHead(status).end(), 1)
        yield* manifest(registry, { credentials: credentialsFor(registry.host, "identity") })
        const [post, get] = registry.to("/token")
        assert.strictEqual(post?.method, "POST")
        assert.strictEqual(post?.headers["content-type"], "application/x-www-form-urlencoded")
        assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(post?.body)), {
          grant_type: "refresh_token",
          client_id: "keyhole",
          service: "fake",
          scope: "aws repository:team/app:pull",
          refresh_token: "identity"
        })
        assert.strictEqual(get?.method, "GET")
        assert.deepStrictEqual(get?.url.searchParams.getAll("scope"), ["aws", "repository:team/app:pull"])
      }
    })
  )

  it.live("a realm keeps the query it has, and is told of no service where none is named", () =>
    Effect.gen(function* () {
      for (const identity of [undefined, "identity"]) {
        const registry = yield* fakeRegistry({ auth: "bearer" })
        registry.put("team/app", pushed)
        const challenge = `Bearer realm="http://${registry.host}/token?tenant=a%26b"`
        registry.on(
          "manifests",
          (_request, response) => response.writeHead(401, { "WWW-Authenticate": challenge }).end(),
          1
        )
        registry.on("/token", (_request, response) => {
          registry.tokens.set("good", ["repository:team/app:pull"])
          response.end('{"token":"good"}')
        })
        yield* manifest(registry, { credentials: credentialsFor(registry.host, identity) })
        const [asked] = registry.to("/token")
        assert.strictEqual(asked?.url.searchParams.get("tenant"), "a&b")
        assert.notInclude(`${asked?.url.search}${asked?.body}`, "service")
      }
    })
  )

  it.live("a token is used for as long as its server says, by the server's own clock", () =>
    Effect.gen(function* () {
      const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
      for (const [issued, answered] of [
        [minutesAgo(10), minutesAgo(0)],
        [minutesAgo(130), minutesAgo(120)]
      ] as const) {
        const registry = yield* fakeRegistry({ auth: "bearer" })
        registry.put("team/app", pushed)
        registry.on("/token", (request, response) => {
          registry.tokens.set("good", request.url.searchParams.getAll("scope"))
          response.setHeader("Date", answered.toUTCString())
          response.end(JSON.stringify({ token: "good", expires_in: 3600, issued_at: issued.toISOString() }))
        })
        const session = yield* openSession(`${registry.host}/team/app`).pipe(
          Effect.provide(client(open(registry.host)))
        )
        yield* session.manifest("latest")
        yield* session.manifest("latest")
        assert.strictEqual(registry.to("/token").length, 1)
      }
    })
  )

  it.live("a token server that cannot just now is asked again, and its last word is handed on", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      registry.on("/token", (_request, response) => response.writeHead(503, { "Retry-After": "0" }).end(), 1)
      registry.on("/token", (_request, response) => response.destroy(), 1)
      yield* manifest(registry)
      assert.strictEqual(registry.to("/token").length, 3)
      registry.on("/token", (_request, response) => response.writeHead(429, { "Retry-After": "45" }).end())
      assert.deepInclude(yield* Effect.flip(manifest(registry)), { _tag: "RegistryRateLimited", retryAfter: 45 })
    })
  )

  it.live("a token server that trickles is not waited for", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.on("/token", (_request, response) => {
        const timer = setInterval(() => response.write(" "), 5)
        response.on("close", () => clearInterval(timer))
      })
      const patience = { documentTimeout: Duration.millis(100) }
      assert.strictEqual((yield* Effect.flip(manifest(registry, patience)))._tag, "RegistryTimeout")
    })
  )

  it.live("what a storage host demands after a redirect is a refusal, and no challenge", () =>
    Effect.gen(function* () {
      const storage = yield* fakeRegistry()
      storage.on("", (_request, response) =>
        response.writeHead(401, { "WWW-Authenticate": `Bearer realm="http://${storage.host}/token"` }).end()
      )
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      const options = { ...open(registry.host, storage.host), credentials: credentialsFor(registry.host) }
      const session = yield* openSession(`${registry.host}/team/app`).pipe(Effect.provide(client(options)))
      yield* session.manifest("latest")
      registry.on("manifests", (_request, response) =>
        response.writeHead(307, { Location: `http://${storage.host}/signed` }).end()
      )
      assert.strictEqual((yield* Effect.flip(session.manifest("other")))._tag, "RegistryDenied")
      assert.strictEqual(registry.to("/token").length, 1)
      assert.isAbove(storage.requests.length, 0)
      for (const { url, headers } of storage.requests) {
        assert.deepStrictEqual([url.pathname, headers.authorization], ["/signed", undefined])
      }
    })
  )

  it.live("a token server's redirect, endless answer or header-breaking token is not followed, read or used", () =>
    Effect.gen(function* () {
      const elsewhere = yield* fakeRegistry()
      const registry = yield* fakeRegistry({ auth: "bearer" })
      const options = open(registry.host, elsewhere.host)
      const answers: ReadonlyArray<readonly [number, string, string]> = [
        [302, "", "RegistryNotAllowed"],
        [200, `{"token":"of-no-worth"}${" ".repeat(65_536)}`, "RegistryUnreachable"],
        [200, '{"token":"a\\r\\nX-Evil: 1"}', "RegistryUnreachable"],
        [200, "{}", "RegistryUnreachable"],
        [404, "{}", "RegistryUnreachable"],
        [400, "{}", "RegistryDenied"],
        [401, "{}", "RegistryDenied"],
        [403, "{}", "RegistryDenied"]
      ]
      for (const [status, body, tag] of answers) {
        const location = { Location: `http://${elsewhere.host}/token` }
        registry.on("/token", (_request, response) => response.writeHead(status, location).end(body), 1)
        assert.strictEqual((yield* Effect.flip(manifest(registry, options)))._tag, tag)
      }
      assert.deepStrictEqual(elsewhere.requests, [])
    })
  )
})
