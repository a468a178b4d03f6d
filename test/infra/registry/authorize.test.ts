import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
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
      yield* manifest(registry, { credentials: credentialsFor(registry.host) })
      assert.strictEqual(registry.requests.at(-1)?.headers.authorization, BASIC)
    })
  )

  it.live("an identity token goes by OAuth2's POST, and by GET where a token server does not know that", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      const unknown = (status: number) =>
        registry.on("/token", (_request, response) => response.writeHead(status).end(), 1)
      unknown(405)
      yield* manifest(registry, { credentials: credentialsFor(registry.host, "identity") })
      const [post, get] = registry.to("/token")
      const form = new URLSearchParams(post?.body)
      assert.strictEqual(post?.method, "POST")
      assert.strictEqual(form.get("refresh_token"), "identity")
      assert.strictEqual(form.get("scope"), "repository:team/app:pull")
      assert.strictEqual(get?.method, "GET")
    })
  )

  it.live("a token server's redirect, endless answer or header-breaking token is not followed, read or used", () =>
    Effect.gen(function* () {
      const elsewhere = yield* fakeRegistry()
      const registry = yield* fakeRegistry({ auth: "bearer" })
      const options = open(registry.host, elsewhere.host)
      const answers: ReadonlyArray<readonly [number, string, string]> = [
        [302, "", "RegistryNotAllowed"],
        [200, `{"token":"${"a".repeat(70_000)}"}`, "RegistryUnreachable"],
        [200, '{"token":"a\\r\\nX-Evil: 1"}', "RegistryUnreachable"],
        [200, "{}", "RegistryUnreachable"],
        [404, "{}", "RegistryUnreachable"],
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
