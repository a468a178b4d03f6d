import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { carve } from "../../../src/domain/image/carve.ts"
import { KnownBlobs } from "../../../src/domain/image/KnownBlobs.ts"
import { type PeekRequest, peek } from "../../../src/domain/image/peek.ts"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { Reference } from "../../../src/domain/registry/Reference.ts"
import * as InDatabase from "../../../src/infra/image/KnownBlobs.ts"
import { inMemory } from "../../support/database.ts"
import { digestOf, reference, TestRegistry } from "./support/registry.ts"
import { type Member, tarball } from "./support/tarball.ts"

const known = Layer.provide(InDatabase.layer, inMemory)

/** Works with what is known from one operation to the next. */
const remembering = <A, E>(test: Effect.Effect<A, E, KnownBlobs>) => Effect.provide(test, known)

const withRegistry = <A, E, R>(registry: TestRegistry, operation: Effect.Effect<A, E, R>) =>
  Effect.flatMap(KnownBlobs, (blobs) =>
    Effect.provide(Effect.scoped(operation), Layer.merge(registry.layer, Layer.succeed(KnownBlobs, blobs)))
  )

const list = (registry: TestRegistry, request: Partial<PeekRequest> = {}) =>
  withRegistry(
    registry,
    Effect.gen(function* () {
      const { entries } = yield* peek({ reference, ...request })
      return yield* Stream.runCollect(entries)
    })
  )

const cut = (registry: TestRegistry, path: string) =>
  withRegistry(
    registry,
    Effect.gen(function* () {
      const { content } = yield* carve({ reference, path })
      return Buffer.from(yield* Stream.mkUint8Array(content)).toString()
    })
  )

const lower: ReadonlyArray<Member> = [
  { name: "etc/", type: "5" },
  { name: "etc/motd", content: "old" },
  { name: "bin/sh", content: "ELF" },
  { name: "gone" }
]
const upper: ReadonlyArray<Member> = [
  { name: "etc/motd", content: "newer" },
  { name: ".wh.gone" },
  { name: "sh", type: "2", link: "bin/sh" },
  { name: "hard", type: "1", link: "bin/sh" }
]
const archive = (members: ReadonlyArray<Member>) => gzipSync(tarball(...members))

const stacked = () => {
  const registry = new TestRegistry()
  registry.putImage([archive(lower), archive(upper)])
  return registry
}

const [lowerDigest, upperDigest] = [digestOf(archive(lower)), digestOf(archive(upper))]

describe("what is known of an image", () => {
  it.effect("is listed again without a blob, merged and by the layer", () =>
    Effect.gen(function* () {
      const registry = stacked()
      const first = yield* list(registry)
      registry.asked.length = 0
      assert.deepStrictEqual(yield* list(registry), first)
      assert.deepStrictEqual(
        (yield* list(registry, { layer: "1" })).map(({ path }) => path),
        ["/etc/motd", "/gone", "/sh", "/hard"]
      )
      assert.deepStrictEqual(registry.asked, [])
    }).pipe(remembering)
  )

  it.effect("is given in as much time as the layer would be, whoever is slow", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry, { layer: "0" })
      const slowly = Effect.flatMap(peek({ reference, layer: "0" }), ({ entries }) =>
        Stream.runForEach(entries, () => TestClock.adjust("4 minutes"))
      )
      registry.asked.length = 0
      const error = yield* Effect.flip(withRegistry(registry, slowly))
      assert.deepInclude(error, { _tag: "LayerLimitExceeded", limit: "time", of: "layer" })
      assert.deepStrictEqual(registry.asked, [])
    }).pipe(remembering)
  )

  it.effect("helps with an image that shares a layer, and the rest is read", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry, { layer: "0" })
      registry.asked.length = 0
      const entries = yield* list(registry)
      assert.deepStrictEqual(registry.asked, [upperDigest])
      assert.deepStrictEqual(
        entries.map(({ layer, path }) => `${layer}${path}`),
        ["1/etc/motd", "1/sh", "0/etc", "0/bin/sh", "1/hard"]
      )
      const other = archive([{ name: "other" }])
      registry.putImage([archive([{ name: "base" }]), archive(lower), other], { tag: "other" })
      registry.asked.length = 0
      const again = new Reference({ ...reference, tag: "other" })
      assert.deepStrictEqual(
        (yield* list(registry, { reference: again })).find(({ path }) => path === "/bin/sh")?.layer,
        1
      )
      assert.notInclude(registry.asked, lowerDigest)
      registry.asked.length = 0
      yield* list(registry)
      yield* list(registry, { reference: again })
      assert.deepStrictEqual(registry.asked, [])
    }).pipe(remembering)
  )

  it.effect("of a file is not believed when the layer itself does not have it", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry)
      registry.blobs.set(lowerDigest, archive([{ name: "another" }]))
      assert.deepInclude(yield* Effect.flip(cut(registry, "/bin/sh")), { _tag: "LayerCorrupt" })
    }).pipe(remembering)
  )

  it.effect("has no say in another repository, which has to show the blob itself", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry)
      registry.asked.length = 0
      const elsewhere = new Reference({ ...reference, repository: "mallory/image" })
      yield* list(registry, { reference: elsewhere })
      assert.sameMembers(registry.asked.slice(1), [upperDigest, lowerDigest])
      const otherHost = new Reference({ ...reference, registry: "localhost:6000" })
      yield* list(registry, { reference: otherHost })
      assert.strictEqual(registry.asked.length, 6)
    }).pipe(remembering)
  )

  it.effect("is for nobody whom the registry does not show the manifest now", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry)
      registry.manifests.clear()
      assert.strictEqual((yield* Effect.flip(list(registry)))._tag, "ImageNotFound")
      assert.strictEqual((yield* Effect.flip(cut(registry, "/etc/motd")))._tag, "ImageNotFound")
    }).pipe(remembering)
  )

  it.effect("cannot be had after the operation", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry)
      const { entries } = yield* withRegistry(registry, peek({ reference }))
      assert.strictEqual((yield* Effect.flip(Stream.runDrain(entries)))._tag, "RegistrySessionClosed")
    }).pipe(remembering)
  )

  it.effect("is nothing of a layer that was not read to its end", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* withRegistry(
        registry,
        Effect.flatMap(peek({ reference, layer: "0" }), ({ entries }) => Stream.runHead(entries))
      )
      registry.asked.length = 0
      yield* list(registry, { layer: "0" })
      assert.deepStrictEqual(registry.asked, [lowerDigest])
    }).pipe(remembering)
  )

  it.effect("is nothing of a layer that is not what its digest says, or is broken", () =>
    Effect.gen(function* () {
      const registry = stacked()
      registry.blobs.set(lowerDigest, archive(upper))
      registry.putImage([archive([]).subarray(0, -4)], { tag: "broken" })
      const broken = new Reference({ ...reference, tag: "broken" })
      for (const request of [{ layer: "0" }, { reference: broken }]) {
        for (const _ of [1, 2]) {
          const before = registry.asked.length
          assert.strictEqual((yield* Effect.flip(list(registry, request)))._tag, "LayerCorrupt")
          assert.isAbove(registry.asked.length, before)
        }
      }
      registry.blobs.set(lowerDigest, archive(lower))
      assert.strictEqual((yield* list(registry, { layer: "0" })).length, 4)
    }).pipe(remembering)
  )

  it.effect("leaves to a carve only the layer that has the file", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry)
      for (const [path, content, layer] of [
        ["/etc/motd", "newer", upperDigest],
        ["/bin/sh", "ELF", lowerDigest],
        ["/sh", "ELF", lowerDigest],
        ["/hard", "ELF", lowerDigest]
      ] as const) {
        registry.asked.length = 0
        assert.strictEqual(yield* cut(registry, path), content)
        assert.deepStrictEqual(registry.asked, [layer], path)
      }
      registry.asked.length = 0
      assert.deepInclude(yield* Effect.flip(cut(registry, "/gone")), { _tag: "FileDeleted", layer: 1 })
      assert.deepInclude(yield* Effect.flip(cut(registry, "/none")), { _tag: "FileNotFound" })
      assert.deepInclude(yield* Effect.flip(cut(registry, "/etc")), { _tag: "NotAFile" })
      assert.deepStrictEqual(registry.asked, [])
    }).pipe(remembering)
  )

  it.effect("spares a carve the layers above that are known, and no more", () =>
    Effect.gen(function* () {
      const registry = stacked()
      yield* list(registry, { layer: "1" })
      registry.asked.length = 0
      assert.strictEqual(yield* cut(registry, "/sh"), "ELF")
      assert.deepStrictEqual(registry.asked, [lowerDigest])
    }).pipe(remembering)
  )

  it.effect("is not needed: a store that is lost costs a read", () =>
    Effect.gen(function* () {
      const lost = Effect.fail(new StorageUnavailable({ store: "database", cause: "lost" }))
      const out = Layer.succeed(KnownBlobs, {
        listing: () => lost,
        record: Effect.succeed({ add: () => Effect.void, keep: () => lost }),
        document: () => lost,
        keepDocument: () => lost
      })
      const registry = stacked()
      const entries = yield* Effect.provide(list(registry), out)
      assert.strictEqual(entries.length, 5)
      assert.strictEqual(yield* Effect.provide(cut(registry, "/hard"), out), "ELF")
    })
  )

  it.effect("is kept when the reading has ended, which does not wait for it", () =>
    Effect.gen(function* () {
      const kept: Array<string> = []
      const noted = Layer.effect(
        KnownBlobs,
        Effect.map(KnownBlobs, (blobs) => ({
          ...blobs,
          keepDocument: (blob, bytes) =>
            Effect.andThen(
              blobs.keepDocument(blob, bytes),
              Effect.sync(() => kept.push(blob.digest))
            )
        }))
      )
      const registry = stacked()
      const read = Effect.gen(function* () {
        const { entries } = yield* peek({ reference })
        yield* Stream.runDrain(entries)
        assert.deepStrictEqual(kept, [])
      })
      yield* Effect.provide(withRegistry(registry, read), noted)
      assert.strictEqual(kept.length, 1)
    }).pipe(remembering)
  )
})
