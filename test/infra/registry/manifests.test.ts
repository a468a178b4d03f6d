import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { type FakeRegistry, fakeRegistry } from "../../support/registry/fake.ts"
import { image, sha256 } from "../../support/registry/layout.ts"
import { type ClientOptions, client, open, openSession } from "../../support/registry/session.ts"

const pushed = image([Buffer.from("layer")])

const manifest = (registry: FakeRegistry, target = "latest", options: ClientOptions = {}) =>
  Effect.flatMap(openSession(`${registry.host}/team/app`), (session) => session.manifest(target)).pipe(
    Effect.provide(client({ ...open(registry.host), ...options }))
  )

const failure = (registry: FakeRegistry, target?: string, options?: ClientOptions) =>
  Effect.map(Effect.flip(manifest(registry, target, options)), (error) => error._tag)

describe("a manifest", () => {
  it.live("is asked for in all four forms at once, undecoded, over one connection", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.put("team/app", pushed)
      const { mediaType, digest, bytes } = yield* manifest(registry)
      assert.strictEqual(mediaType, pushed.manifest.mediaType)
      assert.strictEqual(digest, pushed.manifest.digest)
      assert.deepStrictEqual(Buffer.from(bytes), pushed.manifest.bytes)
      const { headers } = registry.requests[0] ?? assert.fail("nothing was asked")
      assert.strictEqual(headers["accept-encoding"], "identity")
      assert.strictEqual(headers["user-agent"], "keyhole")
      assert.strictEqual(headers.accept?.split(", ").length, 4)
      assert.strictEqual(registry.connections.size, 1)
    })
  )

  it.live("that is not what its digest says, asked for or claimed, is invalid", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const claimed = sha256(Buffer.from("another"))
      const own = { "Docker-Content-Digest": sha256(Buffer.from("{}")) }
      registry.on("manifests", (_request, response) => response.writeHead(200, own).end("{}"), 1)
      assert.strictEqual(yield* failure(registry, claimed), "ManifestInvalid")
      registry.on("manifests", (_request, response) => response.setHeader("Docker-Content-Digest", claimed).end("{}"))
      assert.strictEqual(yield* failure(registry), "ManifestInvalid")
    })
  )

  it.live("larger than 4 MiB is invalid, whether that is announced or not", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const giant = Buffer.alloc(4 * 1024 * 1024 + 1, " ")
      registry.on("manifests", (_request, response) => response.setHeader("Content-Length", giant.length).end(giant), 1)
      assert.strictEqual(yield* failure(registry), "ManifestInvalid")
      registry.on("manifests", (_request, response) => {
        const pour = () => {
          while (!response.destroyed && response.write(giant.subarray(0, 65_536)));
        }
        response.on("drain", pour)
        pour()
      })
      assert.strictEqual(yield* failure(registry), "ManifestInvalid")
    })
  )

  it.live("that is not there is not found, and what is no tag is not even asked for", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      assert.strictEqual(yield* failure(registry, "1.0"), "ImageNotFound")
      for (const target of ["", "../../other/manifests/latest", "a b", "sha256:short", "a".repeat(200)]) {
        assert.strictEqual(yield* failure(registry, target), "ImageNotFound")
      }
      assert.strictEqual(registry.requests.length, 1)
    })
  )

  it.live("is asked for again when the connection is lost or the registry says not now", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", pushed)
      registry.on("manifests", (_request, response) => response.destroy(), 1)
      registry.on("manifests", (_request, response) => response.writeHead(503, { "Retry-After": "0" }).end(), 1)
      registry.on(
        "manifests",
        (_request, response) => {
          response.writeHead(200, { "Content-Length": 1000 })
          response.write("{", () => response.destroy())
        },
        1
      )
      assert.strictEqual((yield* manifest(registry)).digest, pushed.manifest.digest)
      assert.strictEqual(registry.requests.length, 4)
    })
  )

  it.live("of a registry that limits its callers fails at once when the wait is longer than our patience", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("manifests", (_request, response) => response.writeHead(429, { "Retry-After": "45" }).end())
      const error = yield* Effect.flip(manifest(registry))
      assert.deepInclude(error, { _tag: "RegistryRateLimited", host: registry.host, retryAfter: 45 })
      assert.strictEqual(registry.requests.length, 1)
    })
  )

  it.live("of a registry that never answers, or trickles, times out", () =>
    Effect.gen(function* () {
      const silent = yield* fakeRegistry()
      silent.on("manifests", () => undefined)
      assert.strictEqual(yield* failure(silent, "latest", { headersTimeout: Duration.millis(50) }), "RegistryTimeout")
      const trickling = yield* fakeRegistry()
      trickling.on("manifests", (_request, response) => {
        const timer = setInterval(() => response.write(" "), 5)
        response.on("close", () => clearInterval(timer))
      })
      assert.strictEqual(
        yield* failure(trickling, "latest", { documentTimeout: Duration.millis(100) }),
        "RegistryTimeout"
      )
    })
  )
})
