import { fc } from "@fast-check/vitest"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Entry } from "../../src/domain/image/Entry.ts"
import { type BlobOf, KnownBlobs } from "../../src/domain/image/KnownBlobs.ts"
import { Database } from "../../src/infra/database/Database.ts"
import * as InDatabase from "../../src/infra/image/KnownBlobs.ts"
import { digestOf } from "../domain/image/support/registry.ts"
import { entry } from "../domain/image/support/entry.ts"
import { databases } from "../support/database.ts"

const blob = (name: string, repository = "docker.io/library/alpine"): BlobOf => ({
  repository,
  digest: digestOf(Buffer.from(name))
})

const keep = Effect.fnUntraced(function* (of: BlobOf, ...some: ReadonlyArray<ReadonlyArray<Entry>>) {
  const { record } = yield* KnownBlobs
  const recording = yield* record
  for (const entries of some) yield* recording.add(entries)
  yield* recording.keep(of)
})

const found = Effect.fnUntraced(function* (of: BlobOf, layer = 0) {
  const { listing } = yield* KnownBlobs
  const entries = yield* listing(of, layer)
  return entries === undefined ? undefined : yield* Stream.runCollect(entries)
})

const anyName = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("caf\udce9", "a\nb\r\u0000", '"\\', "\u2028", "🔑")
)
const optional = (key: string, value: fc.Arbitrary<unknown>) => fc.option(fc.record({ [key]: value }), { nil: {} })
const anyEntry: fc.Arbitrary<Entry> = fc
  .tuple(
    fc.record({
      path: anyName,
      type: fc.constantFrom("file", "dir", "symlink", "hardlink", "char", "block", "fifo"),
      mode: fc.nat(0o7777),
      uid: fc.maxSafeInteger(),
      gid: fc.nat(),
      size: fc.maxSafeNat(),
      mtime: fc.double({ noNaN: true, noDefaultInfinity: true }).map((seconds) => seconds + 0),
      layer: fc.constant(0)
    }),
    optional("link", anyName),
    optional("uname", anyName),
    optional("device", fc.record({ major: fc.nat(), minor: fc.nat() })),
    optional("whiteout", fc.constantFrom("file", "opaque"))
  )
  .map(([fields, ...more]) => Object.assign({}, fields, ...more))

/** Random names, which nothing shortens much. */
const bulky = (seed: number, count: number) =>
  Array.from({ length: count }, (_, at) => entry(`/${digestOf(Buffer.from(`${seed} ${at}`)).slice(7)}`))

describe.each(databases)("KnownBlobs in a database %s", (_where, database) => {
  const layer = Layer.provideMerge(InDatabase.layer, database)

  it.effect("gives a listing back as it was kept, as that of the layer it is now", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context<KnownBlobs>()
      const isKept = fc.asyncProperty(fc.array(fc.array(anyEntry)), fc.nat(20), fc.uuid(), async (some, at, name) => {
        const back = await Effect.runPromiseWith(context)(
          Effect.andThen(keep(blob(name), ...some), found(blob(name), at))
        )
        assert.deepStrictEqual(
          back,
          some.flat().map((each) => Object.assign({}, each, { layer: at }))
        )
      })
      yield* Effect.promise(() => fc.assert(isKept, { numRuns: 50 }))
    }).pipe(Effect.provide(layer))
  )

  it.effect("knows a listing without entries from one it does not have", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* found(blob("empty")))
      yield* keep(blob("empty"))
      assert.deepStrictEqual(yield* found(blob("empty")), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps nothing of a recording that is not brought to its end", () =>
    Effect.gen(function* () {
      const recording = yield* (yield* KnownBlobs).record
      yield* recording.add(bulky(1, 5000))
      const { read } = yield* Database
      assert.deepStrictEqual(yield* read((tables) => tables.selectFrom("known_blob").select("id").execute()), [])
    }).pipe(Effect.provide(layer))
  )

  it.effect("answers for the repositories a blob was read from, and for no other", () =>
    Effect.gen(function* () {
      yield* keep(blob("a", "localhost:5000/one"), [entry("/a")])
      assert.isUndefined(yield* found(blob("a", "localhost:5000/two")))
      yield* keep(blob("a", "localhost:5000/two"), [entry("/a")])
      for (const repository of ["localhost:5000/one", "localhost:5000/two"]) {
        assert.deepStrictEqual(yield* found(blob("a", repository)), [entry("/a")])
      }
      const { read } = yield* Database
      assert.strictEqual((yield* read((tables) => tables.selectFrom("known_blob").select("id").execute())).length, 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps documents apart from listings", () =>
    Effect.gen(function* () {
      const { document, keepDocument } = yield* KnownBlobs
      const bytes = Buffer.from("[]")
      assert.isUndefined(yield* document(blob("a")))
      yield* keepDocument(blob("a"), bytes)
      assert.isTrue(bytes.equals((yield* document(blob("a"))) ?? Buffer.alloc(0)))
      assert.isUndefined(yield* document(blob("a", "localhost:5000/other")))
      assert.isUndefined(yield* found(blob("a")))
    }).pipe(Effect.provide(layer))
  )

  it.effect("takes the same listing from many at once", () =>
    Effect.gen(function* () {
      const entries = bulky(1, 3000)
      yield* Effect.replicateEffect(keep(blob("a"), entries), 20, { concurrency: "unbounded", discard: true })
      assert.deepStrictEqual(yield* found(blob("a")), entries)
    }).pipe(Effect.provide(layer))
  )

  it.effect("hands out a long listing in pieces", () =>
    Effect.gen(function* () {
      const count = 80_000
      const recording = yield* (yield* KnownBlobs).record
      for (let at = 0; at < count; at += 1000) yield* recording.add(bulky(at, 1000))
      yield* recording.keep(blob("long"))
      const entries = (yield* (yield* KnownBlobs).listing(blob("long"), 0)) ?? Stream.empty
      const lengths = yield* Stream.runCollect(Stream.map(Stream.chunks(entries), (some) => some.length))
      assert.strictEqual(
        lengths.reduce((sum, length) => sum + length, 0),
        count
      )
      assert.isBelow(Math.max(...lengths), 3000)
    }).pipe(Effect.provide(layer))
  )

  it.effect("forgets what was not used for the longest when there is no more room", () =>
    Effect.gen(function* () {
      for (const [at, name] of ["a", "b", "c"].entries()) {
        yield* keep(blob(name), bulky(at, 400))
        yield* TestClock.adjust("2 minutes")
      }
      assert.isDefined(yield* found(blob("a")))
      yield* TestClock.adjust("2 minutes")
      yield* keep(blob("d"), bulky(3, 400))
      const { read } = yield* Database
      const origins = yield* read((tables) => tables.selectFrom("known_blob_origin").selectAll().execute())
      assert.strictEqual(origins.length, 3)
      assert.isUndefined(yield* found(blob("b")))
      for (const name of ["a", "c", "d"]) assert.isDefined(yield* found(blob(name)), name)
    }).pipe(
      // Three of them, and not four.
      Effect.provide(Layer.provideMerge(InDatabase.layerWithin({ most: 20_000, all: 50_000 }), database))
    )
  )

  it.effect("does without what is too big", () =>
    Effect.gen(function* () {
      yield* keep(blob("small"), bulky(1, 100))
      yield* keep(blob("big"), ...Array.from({ length: 20 }, (_, at) => bulky(at, 1000)))
      assert.isUndefined(yield* found(blob("big")))
      assert.isDefined(yield* found(blob("small")))
    }).pipe(Effect.provide(Layer.provideMerge(InDatabase.layerWithin({ most: 20_000, all: 60_000 }), database)))
  )
})
