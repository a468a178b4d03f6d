import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Stream } from "effect"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { Resolver } from "../../../src/infra/registry/Resolver.ts"
import { fakeRegistry } from "../../support/registry/fake.ts"
import { image } from "../../support/registry/layout.ts"
import { type ClientOptions, client, open, openSession } from "../../support/registry/session.ts"

const pushed = image([Buffer.from("layer")])
const [pushedLayer] = pushed.layers

const layer = (urls?: ReadonlyArray<string>) =>
  new Descriptor({
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    digest: Digest.make(pushedLayer?.digest ?? ""),
    size: pushedLayer?.size ?? 0,
    ...(urls === undefined ? {} : { urls })
  })

const manifest = (host: string, options: ClientOptions) =>
  Effect.flatMap(openSession(`${host}/team/app`), (session) => session.manifest("latest")).pipe(
    Effect.provide(client(options))
  )

const blob = (host: string, options: ClientOptions, urls?: ReadonlyArray<string>) =>
  Effect.flatMap(openSession(`${host}/team/app`), (session) => Stream.runDrain(session.blob(layer(urls)))).pipe(
    Effect.provide(client(options))
  )

/** A resolver that gives its answers one after another, the last for ever. */
const names = (...answers: ReadonlyArray<ReadonlyArray<string>>) => {
  let asked = 0
  return Layer.succeed(Resolver, {
    resolve: () => Effect.sync(() => answers[Math.min(asked++, answers.length - 1)] ?? [])
  })
}

const Refusal = Schema.Struct({
  _tag: Schema.String,
  hop: Schema.String,
  host: Schema.String,
  reason: Schema.String
})

const refused = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.flip(work), Schema.decodeUnknownEffect(Refusal))

describe("egress", () => {
  it.live("a registry in private address space that is not listed is refused before a byte is sent", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const error = yield* refused(manifest(registry.host, { insecure: [registry.host] }))
      assert.deepInclude(error, { _tag: "RegistryNotAllowed", hop: "registry", host: registry.host })
      assert.strictEqual(registry.connections.size, 0)
    })
  )

  it.live("a name is refused when any one of its addresses is private, and is looked up once only", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      const port = registry.host.split(":")[1] ?? ""
      const name = `registry.example:${port}`
      const mixed = names(["93.184.215.14", "127.0.0.1"])
      const error = yield* refused(manifest(name, { insecure: [name], resolver: mixed }))
      assert.deepInclude(error, { _tag: "RegistryNotAllowed", host: name })

      // The second answer of this resolver would lead elsewhere: to an address that nothing listens on, and to metadata.
      const rebinding = names(["127.0.0.1"], ["169.254.169.254"])
      yield* Effect.gen(function* () {
        const session = yield* openSession(`${name}/team/app`)
        yield* session.manifest("latest")
        yield* Stream.runDrain(session.blob(layer()))
      }).pipe(Effect.provide(client({ ...open(name), resolver: rebinding })))
      assert.strictEqual(registry.requests.length, 2)

      const metadata = yield* refused(manifest(name, { ...open(name), resolver: names(["169.254.169.254"]) }))
      assert.deepInclude(metadata, { _tag: "RegistryNotAllowed", reason: "its address is a metadata service" })
    })
  )

  it.live("a realm, a redirect and a layer's URL in private space are each refused by their name", () =>
    Effect.gen(function* () {
      const inside = yield* fakeRegistry()
      const registry = yield* fakeRegistry({ auth: "bearer", realm: `http://${inside.host}/token` })
      const options = open(registry.host)
      const listed = { ...options, insecure: [registry.host, inside.host] }
      const is = (hop: string) => ({ _tag: "RegistryNotAllowed", hop, host: inside.host })

      assert.deepInclude(yield* refused(manifest(registry.host, options)), is("realm"))
      assert.deepInclude(yield* refused(manifest(registry.host, listed)), is("realm"))

      const location = { Location: `http://${inside.host}/latest/meta-data/` }
      registry.on("manifests", (_request, response) => response.writeHead(302, location).end())
      assert.deepInclude(yield* refused(manifest(registry.host, listed)), is("redirect"))

      registry.on("blobs", (_request, response) => response.writeHead(404).end())
      const url = `http://${inside.host}/layer`
      assert.deepInclude(yield* refused(blob(registry.host, listed, [url])), is("layer-url"))
      assert.strictEqual(inside.connections.size, 0)
    })
  )

  it.live("a realm with user information in it is refused", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer", realm: "http://user:secret@127.0.0.1/token" })
      const error = yield* refused(manifest(registry.host, open(registry.host)))
      assert.deepInclude(error, { _tag: "RegistryNotAllowed", hop: "realm" })
      assert.notInclude(JSON.stringify(error), "secret")
    })
  )

  it.live("redirects are followed without the token once they leave the host, and only so many", () =>
    Effect.gen(function* () {
      const storage = yield* fakeRegistry()
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      registry.on("blobs", (request, response) =>
        request.headers.authorization === undefined
          ? registry.answer(request, response)
          : response.writeHead(307, { Location: `http://${storage.host}/signed?signature=canary` }).end()
      )
      storage.on("/signed", (_request, response) => response.writeHead(302, { Location: "/further" }).end())
      storage.on("/further", (_request, response) => response.end(pushedLayer?.bytes))
      yield* blob(registry.host, open(registry.host, storage.host))
      assert.deepStrictEqual(
        storage.requests.map(({ headers, url }) => [url.pathname, headers.authorization]),
        [
          ["/signed", undefined],
          ["/further", undefined]
        ]
      )

      registry.on("manifests", (_request, response) => response.writeHead(302, { Location: "/v2/x/manifests/y" }).end())
      const error = yield* refused(manifest(registry.host, open(registry.host)))
      assert.deepInclude(error, { _tag: "RegistryNotAllowed", hop: "redirect" })
      assert.strictEqual(registry.to("manifests").length, 6)
    })
  )

  it.live("redirects of every kind are followed, and what names no other place is none", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      registry.on("/stored", (_request, response) => response.end(pushedLayer?.bytes))
      for (const status of [301, 302, 303, 307, 308]) {
        registry.on("blobs", (_request, response) => response.writeHead(status, { Location: "/stored" }).end(), 1)
        yield* blob(registry.host, open(registry.host))
      }
      assert.strictEqual(registry.to("/stored").length, 5)
      for (const answer of [{ status: 307 }, { status: 300, headers: { Location: "/stored" } }]) {
        registry.on("blobs", (_request, response) => response.writeHead(answer.status, answer.headers).end(), 1)
        const error = yield* Effect.flip(blob(registry.host, open(registry.host)))
        assert.strictEqual(error._tag, "RegistryUnreachable")
      }
      assert.strictEqual(registry.to("/stored").length, 5)
    })
  )

  it.live("a redirect on the registry's own host takes the token along inside the repository only", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      let location = ""
      registry.on("sha256:", (request, response) =>
        request.headers.authorization === undefined
          ? registry.answer(request, response)
          : response.writeHead(307, { Location: location }).end()
      )
      registry.on("/stored", (_request, response) => response.end(pushedLayer?.bytes))
      const shownAt = (elsewhere: string) =>
        Effect.gen(function* () {
          location = elsewhere
          yield* blob(registry.host, open(registry.host))
          const last = registry.requests.at(-1)
          assert.strictEqual(last?.url.pathname, elsewhere)
          return last?.headers.authorization !== undefined
        })
      assert.isTrue(yield* shownAt("/v2/team/app/stored/layer"))
      assert.isFalse(yield* shownAt("/v2/other/app/stored/layer"))
      assert.isFalse(yield* shownAt("/stored/layer"))
    })
  )

  it.live(
    "a foreign layer is fetched from where its descriptor says, and nothing is shown there, be it the registry itself",
    () =>
      Effect.gen(function* () {
        const storage = yield* fakeRegistry()
        storage.on("/layer", (_request, response) => response.end(pushedLayer?.bytes))
        const registry = yield* fakeRegistry({ auth: "bearer" })
        yield* blob(registry.host, open(registry.host, storage.host), [`http://${storage.host}/layer`])
        assert.strictEqual(storage.requests.length, 1)
        assert.isUndefined(storage.requests[0]?.headers.authorization)
        registry.on("/own", (_request, response) => response.end(pushedLayer?.bytes))
        yield* blob(registry.host, open(registry.host), [`http://${registry.host}/v2/team/app/own`])
        assert.isUndefined(registry.to("/own")[0]?.headers.authorization)
      })
  )
})
