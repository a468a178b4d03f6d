import { gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Limits } from "../../../src/domain/image/Limits.ts"
import { type PeekRequest, peek } from "../../../src/domain/image/peek.ts"
import { platform } from "../../../src/domain/registry/Platform.ts"
import { limits } from "./support/readAll.ts"
import { digestOf, reference, TestRegistry } from "./support/registry.ts"
import { type Member, tarball } from "./support/tarball.ts"

const list = (registry: TestRegistry, request: Partial<PeekRequest> = {}) =>
  Effect.gen(function* () {
    const { entries } = yield* peek({ reference, ...request })
    return yield* Stream.runCollect(entries)
  }).pipe(Effect.scoped, Effect.provide(registry.layer))

const paths = (registry: TestRegistry, request: Partial<PeekRequest> = {}) =>
  Effect.map(list(registry, request), (entries) => entries.map((entry) => `${entry.layer}${entry.path}`))

const image = (...layers: ReadonlyArray<ReadonlyArray<Member>>) => {
  const registry = new TestRegistry()
  registry.putLayers(...layers)
  return registry
}

const stacked = () =>
  image(
    [
      { name: "etc/", type: "5" },
      { name: "etc/motd", content: "old" },
      { name: "bin/sh" },
      { name: "d/x" },
      { name: "gone" }
    ],
    [{ name: "etc/motd", content: "newer" }, { name: ".wh.gone" }, { name: "d/y" }, { name: "d/.wh..wh..opq" }]
  )

describe("peek", () => {
  it.effect("lists the merged image from the top, whiteouts applied and not shown", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* paths(stacked()), ["1/etc/motd", "1/d/y", "0/etc", "0/bin/sh"])
    })
  )

  it.effect("lists one layer with its whiteouts, by index or digest", () =>
    Effect.gen(function* () {
      const registry = stacked()
      const entries = yield* list(registry, { layer: "1" })
      assert.deepStrictEqual(
        entries.map(({ path, whiteout }) => [path, whiteout]),
        [
          ["/etc/motd", undefined],
          ["/gone", "file"],
          ["/d/y", undefined],
          ["/d", "opaque"]
        ]
      )
      const digest = registry.asked.at(-1) ?? ""
      assert.deepStrictEqual(yield* list(registry, { layer: digest }), entries)
      for (const layer of ["2", "-1", "01x", digestOf(new Uint8Array(1))]) {
        assert.deepInclude(yield* Effect.flip(list(registry, { layer })), { _tag: "LayerNotFound", layer })
      }
    })
  )

  it.effect("keeps one subtree", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* paths(stacked(), { path: "etc/" }), ["1/etc/motd", "0/etc"])
      assert.deepStrictEqual(yield* paths(stacked(), { path: "/etc/../bin" }), ["0/bin/sh"])
    })
  )

  it.effect("gives a hard link its file's size in the merged view, wherever the file is", () =>
    Effect.gen(function* () {
      const registry = image(
        [{ name: "below", content: "12345" }],
        [
          { name: "to-below", type: "1", link: "below" },
          { name: "to-later", type: "1", link: "later" },
          { name: "later", content: "123" }
        ],
        [
          { name: "below", content: "replaced" },
          { name: "nowhere", type: "1", link: "gone" }
        ]
      )
      const sizes = Object.fromEntries((yield* list(registry)).map(({ path, size }) => [path, size]))
      assert.deepStrictEqual(sizes, { "/below": 8, "/to-below": 5, "/to-later": 3, "/later": 3, "/nowhere": 0 })
      assert.deepStrictEqual(
        (yield* list(registry, { layer: "1" })).map(({ size }) => size),
        [0, 0, 3]
      )
    })
  )

  it.effect("gives a hard link through a linked directory its file's size, if the file is still there", () =>
    Effect.gen(function* () {
      const registry = image(
        [
          { name: "usr/bin/sh", content: "12345" },
          { name: "usr/bin/ls", content: "123" },
          { name: "bin", type: "2", link: "usr/bin" },
          { name: "same", type: "1", link: "bin/sh" },
          { name: "replaced", type: "1", link: "bin/ls" },
          { name: "directory", type: "1", link: "bin" }
        ],
        [
          { name: "usr/bin/ls", content: "1234567" },
          { name: "above", type: "1", link: "bin/sh" },
          { name: "nowhere", type: "1", link: "bin/none" }
        ]
      )
      const links = (yield* list(registry)).filter(({ type }) => type === "hardlink")
      const sizes = links.map(({ path, size }) => [path, size] as const)
      assert.deepStrictEqual(Object.fromEntries(sizes), {
        "/same": 5,
        "/above": 5,
        "/replaced": 0,
        "/directory": 0,
        "/nowhere": 0
      })
    })
  )

  it.effect("gives hard links that lead in a circle no size", () =>
    Effect.gen(function* () {
      const circle = image([
        { name: "a", type: "1", link: "b" },
        { name: "b", type: "1", link: "a" }
      ])
      const sizes = (yield* list(circle)).map(({ path, size }) => [path, size] as const)
      assert.deepStrictEqual(Object.fromEntries(sizes), { "/a": 0, "/b": 0 })
    })
  )

  it.effect("gives a path that comes twice in a layer twice, the one that counts last", () =>
    Effect.gen(function* () {
      const entries = yield* list(
        image([
          { name: "a", content: "1" },
          { name: "./a", content: "22" }
        ])
      )
      assert.deepStrictEqual(
        entries.map(({ path, size }) => [path, size]),
        [
          ["/a", 1],
          ["/a", 2]
        ]
      )
    })
  )

  it.effect("reads gzip, zstd and plain layers in one image", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putImage([
        tarball({ name: "plain" }),
        gzipSync(tarball({ name: "gzip" })),
        zstdCompressSync(tarball({ name: "zstd" }))
      ])
      assert.deepStrictEqual(yield* paths(registry), ["2/zstd", "1/gzip", "0/plain"])
    })
  )

  it.effect("reads every blob to its end, and fails when one is not what its digest says", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      const archive = Buffer.concat([tarball({ name: "f" }), Buffer.alloc(50_000, 7)])
      registry.putImage([archive])
      registry.blobs.set(digestOf(archive), Buffer.concat([archive.subarray(0, -1), Buffer.from([8])]))
      const seen: Array<string> = []
      const error = yield* Effect.gen(function* () {
        const { entries } = yield* peek({ reference })
        yield* Stream.runForEach(entries, (entry) => Effect.sync(() => seen.push(entry.path)))
      }).pipe(Effect.scoped, Effect.provide(registry.layer), Effect.flip)
      assert.deepInclude(error, { _tag: "LayerCorrupt", reason: "wrong digest" })
      assert.deepStrictEqual(seen, ["/f"])
    })
  )

  it.effect("gives what was read before an archive turns out to be broken", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putImage([Buffer.concat([tarball({ name: "f" }).subarray(0, 512), Buffer.alloc(512, 1)])])
      const exits = yield* Effect.gen(function* () {
        const { entries } = yield* peek({ reference })
        return yield* Stream.runCollect(Stream.result(Stream.map(entries, (entry) => entry.path)))
      }).pipe(Effect.scoped, Effect.provide(registry.layer))
      assert.deepStrictEqual(
        exits.map((exit) => exit._tag),
        ["Success", "Failure"]
      )
    })
  )

  it.effect("holds all layers together to the limits of an image", () =>
    Effect.gen(function* () {
      const one = [{ name: "a", content: "x".repeat(2000) }, { name: "b" }]
      const refused = (bounds: Partial<typeof limits>, request = {}) =>
        list(image(one, one, one), request).pipe(Effect.provideService(Limits, { ...limits, ...bounds }), Effect.flip)
      assert.deepInclude(yield* refused({ maxImageEntries: 5 }), { limit: "entries", value: 5 })
      assert.deepInclude(yield* refused({ maxImageBytes: 9000 }), { limit: "bytes", value: 9000 })
      const enough = { ...limits, maxImageEntries: 2, maxImageBytes: 5000 }
      const oneLayer = list(image(one, one, one), { layer: "1" }).pipe(Effect.provideService(Limits, enough))
      assert.strictEqual((yield* oneLayer).length, 2)
    })
  )

  it.effect("holds the merged view to the limit of entries", () =>
    Effect.gen(function* () {
      const names = (layer: number) => Array.from({ length: 30 }, (_, at) => ({ name: `${layer}-${at}` }))
      const error = yield* list(image(names(0), names(1))).pipe(
        Effect.provideService(Limits, { ...limits, maxEntries: 40 }),
        Effect.flip
      )
      assert.deepInclude(error, { _tag: "LayerLimitExceeded", limit: "entries", value: 40 })
    })
  )

  it.effect("ends its session with its scope, and its connection when it is interrupted", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "f", content: "x".repeat(100_000) }])
      const fiber = yield* Effect.gen(function* () {
        const { entries } = yield* peek({ reference })
        return yield* Stream.runForEach(entries, () => Effect.never)
      }).pipe(Effect.scoped, Effect.provide(registry.layer), Effect.forkChild)
      while (registry.connections === 0) yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )

  it.effect("cannot be used after its scope", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "f" }])
      const { entries } = yield* Effect.scoped(peek({ reference })).pipe(Effect.provide(registry.layer))
      assert.deepInclude(yield* Effect.flip(Stream.runDrain(entries)), { _tag: "RegistrySessionClosed" })
    })
  )

  it.effect("gives up in time", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "f", content: "x" }])
      registry.stalled = true
      const fiber = yield* list(registry).pipe(
        Effect.provideService(Limits, { ...limits, timeout: Duration.seconds(10) }),
        Effect.flip,
        Effect.forkChild
      )
      while (registry.connections === 0) yield* Effect.yieldNow
      yield* TestClock.adjust("10 seconds")
      assert.deepInclude(yield* Fiber.join(fiber), { _tag: "LayerLimitExceeded", limit: "time", value: 10_000 })
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )

  describe("reads several layers at once", () => {
    const five = () => image(...Array.from({ length: 5 }, (_, at) => [{ name: `${at}`, content: "x".repeat(9000) }]))

    it.effect("up to three, from the top, and shows them in order", () =>
      Effect.gen(function* () {
        const registry = five()
        const order = registry.asked
        assert.deepStrictEqual(yield* paths(registry), ["4/4", "3/3", "2/2", "1/1", "0/0"])
        const fromTheTop = [...registry.blobs.keys()].slice(0, 5).toReversed()
        assert.deepStrictEqual(order.slice(1), fromTheTop)

        order.length = 0
        registry.stalled = true
        const fiber = yield* Effect.forkChild(list(registry))
        while (registry.connections < 3) yield* Effect.yieldNow
        for (let more = 0; more < 100; more++) yield* Effect.yieldNow
        assert.strictEqual(registry.connections, 3)
        assert.deepStrictEqual(order.slice(1), fromTheTop.slice(0, 3))
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
      })
    )

    it.effect("and says that one is broken when it is its turn", () =>
      Effect.gen(function* () {
        const registry = five()
        const [, , second] = [...registry.blobs.keys()]
        registry.blobs.set(second ?? "", new Uint8Array(0))
        const seen: Array<string> = []
        const error = yield* Effect.gen(function* () {
          const { entries } = yield* peek({ reference })
          yield* Stream.runForEach(entries, (entry) => Effect.sync(() => seen.push(entry.path)))
        }).pipe(Effect.scoped, Effect.provide(registry.layer), Effect.flip)
        assert.strictEqual(error._tag, "LayerCorrupt")
        assert.deepStrictEqual(seen, ["/4", "/3"])
        assert.strictEqual(registry.connections, 0)
      })
    )

    it.effect("and has news of each", () =>
      Effect.gen(function* () {
        const { entries, progress } = yield* peek({ reference })
        assert.isUndefined(yield* progress)
        yield* Stream.runDrain(entries)
        const news = [yield* progress, yield* progress, yield* progress, yield* progress, yield* progress]
        assert.deepStrictEqual(
          news.map((each) => each?.layer),
          [4, 3, 2, 1, 0]
        )
        for (const each of news) assert.strictEqual(each?.bytes, each?.of)
        assert.isUndefined(yield* progress)
      }).pipe((test) => Effect.scoped(Effect.provide(test, five().layer)))
    )
  })

  describe("chooses a platform", () => {
    const both = () => {
      const registry = new TestRegistry()
      const amd64 = registry.putImage([tarball({ name: "amd64" })], { tag: "one" })
      const arm64 = registry.putImage([tarball({ name: "arm64" })], { tag: "two", architecture: "arm64" })
      const manifests = [
        { ...arm64, platform: { os: "linux", architecture: "arm64" } },
        { ...amd64, platform: { os: "linux", architecture: "amd64" } }
      ]
      registry.putManifest({ manifests }, "application/vnd.oci.image.index.v1+json", "latest")
      return registry
    }

    it.effect("from a list: linux/amd64, or the one that is wanted", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* paths(both()), ["0/amd64"])
        assert.deepStrictEqual(yield* paths(both(), { platform: platform("linux", "arm64") }), ["0/arm64"])
        const error = yield* Effect.flip(paths(both(), { platform: platform("windows", "amd64") }))
        assert.deepInclude(error, { _tag: "PlatformNotFound" })
      })
    )

    it.effect("where there is one image, takes that, unless another is wanted", () =>
      Effect.gen(function* () {
        const registry = new TestRegistry()
        registry.putImage([tarball({ name: "f" })], { architecture: "arm64" })
        assert.deepStrictEqual(yield* paths(registry), ["0/f"])
        const error = yield* Effect.flip(paths(registry, { platform: platform("linux", "amd64") }))
        assert.deepInclude(error, { _tag: "PlatformNotFound", available: ["linux/arm64"] })
      })
    )
  })
})
