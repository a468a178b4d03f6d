import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { inspect } from "../../../src/domain/image/inspect.ts"
import { listTags } from "../../../src/domain/image/listTags.ts"
import { formatPlatform, platform } from "../../../src/domain/registry/Platform.ts"
import { reference, TestRegistry } from "./support/registry.ts"

const run = (registry: TestRegistry) => Effect.scoped(inspect({ reference })).pipe(Effect.provide(registry.layer))

describe("inspect", () => {
  it.effect("says what an image is made of without reading a layer", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putLayers([{ name: "a" }], [{ name: "b" }])
      const found = yield* run(registry)
      assert.deepStrictEqual(
        found.layers.map(({ index, createdBy }) => [index, createdBy]),
        [
          [0, "step 0"],
          [1, "step 1"]
        ]
      )
      assert.strictEqual(
        found.size,
        found.layers.reduce((sum, layer) => sum + layer.size, 0)
      )
      assert.deepStrictEqual(found.platforms.map(formatPlatform), ["linux/amd64"])
      assert.isUndefined(found.indexDigest)
      assert.strictEqual(registry.asked.length, 1)
      assert.strictEqual(registry.sessions, 0)
    })
  )

  it.effect("waits a minute for a configuration, and no longer: others wait for its place", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putLayers([{ name: "a" }])
      registry.stalled = "config"
      const asking = yield* Effect.forkChild(Effect.flip(run(registry)))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(registry.connections, 1)
      yield* TestClock.adjust("1 second")
      assert.deepInclude(yield* Fiber.join(asking), { _tag: "RegistryTimeout", host: "localhost:5000" })
      assert.strictEqual(registry.connections, 0)
    })
  )

  it.effect("names the list an image was chosen from, and what else is in it, one level deep", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      const index = "application/vnd.oci.image.index.v1+json"
      const arm = registry.putImage([], { tag: "arm", architecture: "arm64" })
      const amd = registry.putImage([], { tag: "amd" })
      const inner = registry.putManifest(
        { manifests: [{ ...amd, platform: { os: "linux", architecture: "amd64" } }] },
        index
      )
      const outer = registry.putManifest(
        { manifests: [{ ...arm, platform: { os: "linux", architecture: "arm64" } }, inner] },
        index,
        "latest"
      )
      const found = yield* run(registry)
      assert.strictEqual(found.digest, amd.digest)
      assert.strictEqual(found.indexDigest, outer.digest)
      assert.deepStrictEqual(found.platforms.map(formatPlatform), ["linux/arm64", "linux/amd64"])
    })
  )

  it.effect("takes an image that is the only one for a platform that it fits, and for no other", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putImage([], { architecture: "arm64" })
      const on = (wanted: string) =>
        Effect.scoped(inspect({ reference, platform: platform("linux", wanted) })).pipe(Effect.provide(registry.layer))
      assert.strictEqual(formatPlatform((yield* on("arm64")).platform), "linux/arm64")
      assert.deepInclude(yield* Effect.flip(on("amd64")), {
        _tag: "PlatformNotFound",
        platform: "linux/amd64",
        available: ["linux/arm64"]
      })
    })
  )

  it.effect("refuses a list that takes another list for an image", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      const index = "application/vnd.oci.image.index.v1+json"
      const inner = registry.putManifest({ manifests: [] }, index)
      const mistaken = { ...inner, mediaType: "application/vnd.oci.image.manifest.v1+json" }
      registry.putManifest(
        { manifests: [{ ...mistaken, platform: { os: "linux", architecture: "amd64" } }] },
        index,
        "latest"
      )
      assert.deepInclude(yield* Effect.flip(run(registry)), {
        _tag: "ManifestInvalid",
        reason: "the list names another list as an image"
      })
    })
  )

  it.effect("does not read a configuration of more than 4 MiB", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      const config = registry.putBlob(Buffer.alloc(4 * 1024 * 1024 + 1), "application/vnd.oci.image.config.v1+json")
      registry.putManifest({ config, layers: [] }, "application/vnd.oci.image.manifest.v1+json", "latest")
      assert.deepInclude(yield* Effect.flip(run(registry)), { _tag: "ManifestInvalid" })
      assert.strictEqual(registry.bytes, 0)
    })
  )
})

describe("tags", () => {
  it.effect("are the registry's", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.tags = ["b", "a"]
      const page = yield* Effect.scoped(listTags(reference, {})).pipe(Effect.provide(registry.layer))
      assert.deepStrictEqual(page.tags, ["b", "a"])
      assert.strictEqual(registry.sessions, 0)
    })
  )
})
