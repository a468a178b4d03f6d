import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { type CarveRequest, carve } from "../../../src/domain/image/carve.ts"
import { LayerDecoder } from "../../../src/domain/image/LayerDecoder.ts"
import { Limits } from "../../../src/domain/image/Limits.ts"
import { platform } from "../../../src/domain/registry/Platform.ts"
import { reference, TestRegistry } from "./support/registry.ts"
import { bytesOf, concat, type Member, paxRecord, tarball } from "./support/tarball.ts"

const image = (...layers: ReadonlyArray<ReadonlyArray<Member>>) => {
  const registry = new TestRegistry()
  registry.putLayers(...layers)
  return registry
}

const cut = (registry: TestRegistry, path: string, request: Partial<CarveRequest> = {}) =>
  Effect.gen(function* () {
    const carved = yield* carve({ reference, path, ...request })
    const text = Buffer.from(yield* Stream.mkUint8Array(carved.content)).toString("latin1")
    assert.strictEqual(carved.size, text.length)
    assert.strictEqual(registry.connections, 0)
    return { text, path: carved.path, layer: carved.layer.index }
  }).pipe(Effect.scoped, Effect.provide(registry.layer))

const link = (name: string, to: string): Member => ({ name, type: "2", link: to })
const hard = (name: string, to: string): Member => ({ name, type: "1", link: to })

/** Content that gzip cannot shorten. */
const bulk = (name: string): Member => ({ name, content: randomBytes(200_000) })

describe("carve", () => {
  it.effect("gives a file as the topmost layer has it", () =>
    Effect.gen(function* () {
      const registry = image(
        [
          { name: "a", content: "old" },
          { name: "b", content: "b" }
        ],
        [{ name: "./a", content: "new" }]
      )
      assert.deepStrictEqual(yield* cut(registry, "/a"), { text: "new", path: "/a", layer: 1 })
      assert.deepStrictEqual(yield* cut(registry, "b"), { text: "b", path: "/b", layer: 0 })
      assert.deepStrictEqual(yield* cut(registry, "/a", { layer: "0" }), { text: "old", path: "/a", layer: 0 })
    })
  )

  it.effect("reads no layer below the file's, and no more of that one than the file takes", () =>
    Effect.gen(function* () {
      const registry = image(
        [{ name: "a", content: "old" }],
        [{ name: "a", content: "new" }, bulk("bulk")],
        [{ name: "x" }]
      )
      yield* cut(registry, "/a")
      // The configuration and two layers.
      assert.strictEqual(registry.asked.length, 3)
      assert.isBelow(registry.bytes, 100_000)
    })
  )

  it.effect("looks for the file while the configuration is on its way, and answers nothing before that has come", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "a", content: "a" }])
      registry.stalled = "config"
      const cutting = yield* Effect.forkChild(cut(registry, "/a"))
      while (registry.asked.length < 2) yield* Effect.yieldNow
      for (let turn = 0; turn < 20; turn++) yield* Effect.yieldNow
      assert.isUndefined(cutting.pollUnsafe())
      yield* Fiber.interrupt(cutting)
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )

  it.effect("tells what is wrong with the configuration before what is wrong with the path", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "a", content: "a" }])
      const arm = platform("linux", "arm64")
      const error = yield* Effect.flip(cut(registry, "/nowhere", { platform: arm }))
      assert.deepInclude(error, { _tag: "PlatformNotFound", available: ["linux/amd64"] })
    })
  )

  it.effect("stops at a whiteout and says which layer deleted the file", () =>
    Effect.gen(function* () {
      const registry = image(
        [{ name: "a" }, { name: "d/x" }, { name: "o/x" }],
        [{ name: ".wh.a" }, { name: ".wh.d" }, { name: "o/.wh..wh..opq" }],
        [{ name: "other" }]
      )
      for (const path of ["/a", "/d/x", "/o/x"]) {
        assert.deepInclude(yield* Effect.flip(cut(registry, path)), { _tag: "FileDeleted", path, layer: 1 }, path)
      }
      assert.strictEqual(registry.asked.length, 9)
    })
  )

  it.effect("finds a file that was deleted and made again", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "d/x", content: "1" }], [{ name: ".wh.d" }, { name: "d/x", content: "2" }])
      assert.strictEqual((yield* cut(registry, "/d/x")).text, "2")
    })
  )

  it.effect("follows links across layers, up and down", () =>
    Effect.gen(function* () {
      const registry = image(
        [link("bin", "usr/bin"), { name: "usr/bin/dash", content: "dash" }, { name: "etc/x", content: "below" }],
        [link("usr/bin/sh", "dash"), link("usr/bin/up", "/top"), { name: "here", content: "here" }, link("l", "here")],
        [{ name: "top", content: "top" }, link("sh", "bin/sh")]
      )
      assert.deepStrictEqual(yield* cut(registry, "/bin/sh"), { text: "dash", path: "/usr/bin/dash", layer: 0 })
      assert.deepStrictEqual(yield* cut(registry, "/sh"), { text: "dash", path: "/usr/bin/dash", layer: 0 })
      assert.deepStrictEqual(yield* cut(registry, "/bin/up"), { text: "top", path: "/top", layer: 2 })
      assert.deepStrictEqual(yield* cut(registry, "/l"), { text: "here", path: "/here", layer: 1 })
      assert.deepStrictEqual(yield* cut(registry, "/bin/../../etc/x"), { text: "below", path: "/etc/x", layer: 0 })
    })
  )

  it.effect("says where a link is broken", () =>
    Effect.gen(function* () {
      const registry = image(
        [{ name: "deleted" }, { name: "file" }],
        [
          link("a", "gone"),
          link("b", "c"),
          link("c", "b"),
          link("d", "deleted"),
          { name: ".wh.deleted" },
          hard("h", "gone")
        ]
      )
      const error = (path: string) => Effect.flip(cut(registry, path))
      assert.deepInclude(yield* error("/a"), { _tag: "LinkDangling", target: "/gone", reason: "missing" })
      assert.deepInclude(yield* error("/b"), { _tag: "LinkDangling", reason: "loop" })
      assert.deepInclude(yield* error("/d"), { _tag: "LinkDangling", target: "/deleted", reason: "missing" })
      assert.deepInclude(yield* error("/h"), { _tag: "LinkDangling", target: "/gone", reason: "missing" })
    })
  )

  it.effect("resolves hard links to the file as it was in their layer or below", () =>
    Effect.gen(function* () {
      const registry = image(
        [{ name: "f", content: "0" }, { name: "g", content: "g" }, bulk("bulk")],
        [
          hard("below", "g"),
          { name: "f", content: "1" },
          hard("before", "f"),
          hard("after", "z"),
          { name: "z", content: "z" }
        ],
        [
          { name: "f", content: "2" },
          { name: ".wh.g" },
          hard("chain", "chain2"),
          hard("chain2", "f"),
          hard("self", "self")
        ]
      )
      assert.deepStrictEqual(yield* cut(registry, "/before"), { text: "1", path: "/f", layer: 1 })
      assert.deepStrictEqual(yield* cut(registry, "/after"), { text: "z", path: "/z", layer: 1 })
      assert.deepStrictEqual(yield* cut(registry, "/below"), { text: "g", path: "/g", layer: 0 })
      assert.deepStrictEqual(yield* cut(registry, "/chain"), { text: "2", path: "/f", layer: 2 })
      assert.deepInclude(yield* Effect.flip(cut(registry, "/self")), { _tag: "LinkDangling", reason: "loop" })
    })
  )

  it.effect("says what a thing is that is no file", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "d/", type: "5" }, { name: "i/x" }, { name: "p", type: "6" }, link("l", "d")])
      for (const [path, type] of [
        ["/d", "dir"],
        ["/i", "dir"],
        ["/p", "fifo"],
        ["/l", "dir"],
        ["/", "dir"]
      ] as const) {
        assert.deepInclude(yield* Effect.flip(cut(registry, path)), { _tag: "NotAFile", type }, path)
      }
    })
  )

  it.effect("does not find what is not there", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "f" }, { name: "d/x" }], [{ name: "d" }])
      for (const path of ["/gone", "/f/x", "/d/x", "/d2/x"]) {
        assert.deepInclude(yield* Effect.flip(cut(registry, path)), { _tag: "FileNotFound" }, path)
      }
    })
  )

  it.effect("gives an empty file and a big one", () =>
    Effect.gen(function* () {
      const content = randomBytes(1_000_001)
      const registry = image([{ name: "empty" }, { name: "big", content }, bulk("bulk")])
      assert.strictEqual((yield* cut(registry, "/empty")).text, "")
      assert.strictEqual((yield* cut(registry, "/big")).text, content.toString("latin1"))
    })
  )

  it.effect("fills the holes of a sparse file", () =>
    Effect.gen(function* () {
      const content = concat(paxRecord("GNU.sparse.size", "200000"), paxRecord("GNU.sparse.map", "150000,3"))
      const registry = image([
        { name: "x", type: "x", content },
        { name: "s", content: "abc" }
      ])
      const { text } = yield* cut(registry, "/s")
      assert.strictEqual(text, `${"\0".repeat(150_000)}abc${"\0".repeat(49_997)}`)
    })
  )

  it.effect("takes an archive in pieces of any size, several at a time", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      const content = randomBytes(40_000)
      registry.putImage([tarball({ name: "f", content })])
      const carved = Effect.flatMap(carve({ reference, path: "/f" }), (found) => Stream.mkUint8Array(found.content))
      for (const pieces of [1, 2, 5]) {
        const severally = Layer.succeed(LayerDecoder, { decode: (blob) => Stream.rechunk(blob, pieces) })
        const bytes = yield* Effect.scoped(carved).pipe(Effect.provide(Layer.merge(registry.layer, severally)))
        assert.deepStrictEqual(Buffer.from(bytes), content)
      }
    })
  )

  it.effect("holds no more paths than an image may have", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "a/b/c/d" }])
      const bounds = yield* Limits
      const within = (maxEntries: number) =>
        Effect.provideService(cut(registry, "/a/b/c/d"), Limits, { ...bounds, maxEntries })
      assert.strictEqual((yield* within(4)).path, "/a/b/c/d")
      assert.deepInclude(yield* Effect.flip(within(3)), { _tag: "LayerLimitExceeded", limit: "entries", value: 3 })
    })
  )

  it.effect("refuses a file whose holes do not fit what is stored of it", () =>
    Effect.gen(function* () {
      const content = concat(paxRecord("GNU.sparse.size", "10"), paxRecord("GNU.sparse.map", "0,2"))
      const registry = image([
        { name: "x", type: "x", content },
        { name: "s", content: "abc" }
      ])
      assert.deepInclude(yield* Effect.flip(cut(registry, "/s")), { _tag: "LayerCorrupt" })
    })
  )

  it.effect("fails before it answers when the layer is cut short at once, and midway otherwise", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putImage([gzipSync(tarball({ name: "f", content: bytesOf("x") }).subarray(0, 512))])
      const error = yield* Effect.flip(
        Effect.scoped(carve({ reference, path: "/f" })).pipe(Effect.provide(registry.layer))
      )
      assert.deepInclude(error, { _tag: "LayerCorrupt" })
    })
  )

  it.effect("looks no further in a layer that is broken on the way to the file", () =>
    Effect.gen(function* () {
      const registry = new TestRegistry()
      registry.putImage([concat(new Uint8Array(512).fill(1), tarball({ name: "f" }))])
      assert.deepInclude(yield* Effect.flip(cut(registry, "/f")), {
        _tag: "LayerCorrupt",
        reason: "a header's checksum is wrong"
      })
    })
  )

  it.effect("guesses the type from name and content", () =>
    Effect.gen(function* () {
      const registry = image([{ name: "a.json", content: "{}" }])
      const { contentType } = yield* Effect.scoped(carve({ reference, path: "/a.json" })).pipe(
        Effect.provide(registry.layer)
      )
      assert.strictEqual(contentType, "application/json")
    })
  )

  it.effect("cuts the connection when it is interrupted midway", () =>
    Effect.gen(function* () {
      const registry = image([bulk("a"), bulk("b")])
      const fiber = yield* Effect.gen(function* () {
        const { content } = yield* carve({ reference, path: "/b" })
        yield* Stream.runForEach(content, () => Effect.never)
      }).pipe(Effect.scoped, Effect.provide(registry.layer), Effect.forkChild)
      while (registry.connections === 0) yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual([registry.connections, registry.sessions], [0, 0])
    })
  )
})
