import { readdirSync, readFileSync } from "node:fs"
import { getPriority } from "node:os"
import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { constants, createZstdCompress, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib"
import { assert, layer } from "@effect/vitest"
import { Effect, Exit, Fiber, Latch, Schema, Stream } from "effect"
import { LayerDecoder } from "../../../src/domain/image/LayerDecoder.ts"
import { layer as nativeDecoder } from "../../../src/infra/layer/nativeDecoder.ts"

const MAX = 2 ** 26

const pieces = (bytes: Uint8Array, size: number): Array<Uint8Array> => {
  const all: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length; at += size) all.push(bytes.slice(at, at + size))
  return all
}

const decode = (bytes: Uint8Array, size = bytes.length || 1, maxBytes = MAX) =>
  Effect.gen(function* () {
    const decoder = yield* LayerDecoder
    const decoded = decoder.decode(Stream.fromIterable(pieces(bytes, size)), maxBytes)
    return Buffer.from(yield* Stream.mkUint8Array(Stream.map(decoded, (piece) => piece.slice())))
  })

const expectSame = (actual: Buffer, expected: Uint8Array) => assert.strictEqual(Buffer.compare(actual, expected), 0)

const first = Buffer.from("first member ".repeat(20_000))
const second = Buffer.from("second member ".repeat(3_000))
const both = Buffer.concat([first, second])
const skippable = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from("hello")])
const zeros = Buffer.alloc(700)
const sizes = [1, 2, 3, 7, 64, 1000, 2 ** 20]

layer(nativeDecoder)("a layer's compression", (it) => {
  const cases: ReadonlyArray<readonly [string, Uint8Array, Uint8Array]> = [
    ["none", first, first],
    ["none, and nothing there", Buffer.alloc(0), Buffer.alloc(0)],
    ["none, and less than what tells", Buffer.from([0x1f]), Buffer.from([0x1f])],
    ["none, in an archive whose first name begins as bzip2 does", Buffer.from("BZhang"), Buffer.from("BZhang")],
    ["gzip", gzipSync(first), first],
    ["gzip of nothing", gzipSync(Buffer.alloc(0)), Buffer.alloc(0)],
    ["gzip of several members", Buffer.concat([gzipSync(first), gzipSync(second)]), both],
    ["gzip with zeros after it", Buffer.concat([gzipSync(first), zeros]), first],
    ["gzip of two members with zeros after them", Buffer.concat([gzipSync(first), gzipSync(second), zeros]), both],
    ["zstd", zstdCompressSync(first), first],
    ["zstd of several frames", Buffer.concat([zstdCompressSync(first), zstdCompressSync(second)]), both],
    [
      "zstd among skippable frames",
      Buffer.concat([skippable, zstdCompressSync(first), skippable, skippable, zstdCompressSync(second), skippable]),
      both
    ]
  ]
  for (const [name, compressed, plain] of cases) {
    it.effect(`is taken off, however the bytes are cut: ${name}`, () =>
      Effect.forEach(sizes, (size) => Effect.map(decode(compressed, size), (actual) => expectSame(actual, plain)))
    )
  }

  it.effect("is taken off zstd frames of every size and kind, small ones and large ones in a row", () => {
    const contents = [0, 1, 300, 70_000, 131_073, 300_000, 5, 262_144, 2].map((size, at) =>
      Buffer.concat([Buffer.from(`${at}`.repeat(size >> 1)), Buffer.alloc(size - (size >> 1), at)])
    )
    const kinds = [0, 1].flatMap((checksum) =>
      [0, 1].map((contentSize) => ({
        params: { [constants.ZSTD_c_checksumFlag]: checksum, [constants.ZSTD_c_contentSizeFlag]: contentSize }
      }))
    )
    const frames = kinds.flatMap((kind) => contents.map((content) => zstdCompressSync(content, kind)))
    const plain = Buffer.concat(kinds.flatMap(() => contents))
    return Effect.forEach([61, 1000, 2 ** 20], (size) =>
      Effect.map(decode(Buffer.concat(frames), size), (actual) => expectSame(actual, plain))
    )
  })

  it.effect("is taken off a frame for every byte without keeping anybody else waiting", () =>
    Effect.gen(function* () {
      const frames = 100_000
      let turns = 0
      const others = setInterval(() => turns++, 0)
      const frame = Buffer.concat([zstdCompressSync("x"), skippable])
      const plain = yield* Effect.ensuring(
        decode(Buffer.concat(Array.from({ length: frames }, () => frame)), 2 ** 16),
        Effect.sync(() => clearInterval(others))
      )
      assert.strictEqual(plain.length, frames)
      // They take a tenth of a second and more, of another thread.
      assert.isAbove(turns, 6)
    })
  )

  const damaged = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes)
    copy[at] = (copy[at] ?? 0) ^ 0xff
    return copy
  }
  const gzipped = gzipSync(first)
  const zstdChecked = zstdCompressSync("small", { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  const broken: ReadonlyArray<readonly [string, Uint8Array]> = [
    ["a gzip checksum", damaged(gzipped, gzipped.length - 6)],
    ["a gzip length", damaged(gzipped, gzipped.length - 2)],
    ["a truncated gzip", gzipped.subarray(0, -1)],
    ["a truncated second gzip member", Buffer.concat([gzipped, gzipSync(second).subarray(0, -3)])],
    ["garbage after gzip", Buffer.concat([gzipped, Buffer.from("garbage")])],
    ["one byte of garbage after gzip", Buffer.concat([gzipped, Buffer.from("g")])],
    ["garbage after the zeros after gzip", Buffer.concat([gzipped, zeros, Buffer.from("garbage")])],
    ["a truncated zstd", zstdCompressSync(first).subarray(0, -1)],
    [
      "a truncated second zstd frame",
      Buffer.concat([zstdCompressSync(first), zstdCompressSync(second).subarray(0, 7)])
    ],
    ["a wrong checksum of a small zstd frame", damaged(zstdChecked, zstdChecked.length - 1)],
    ["a skippable zstd frame that is cut short", Buffer.concat([zstdCompressSync(first), skippable.subarray(0, -1)])],
    ["garbage after zstd", Buffer.concat([zstdCompressSync(first), Buffer.from("garbage")])],
    ["one byte of garbage after zstd", Buffer.concat([zstdCompressSync(first), Buffer.from("g")])],
    ["gzip's beginning and no gzip", Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), deflateRawSync(first)])]
  ]
  for (const [name, bytes] of broken) {
    it.effect(`is refused, however the bytes are cut: ${name}`, () =>
      Effect.forEach(sizes, (size) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(decode(bytes, size))
          assert.strictEqual(error._tag, "LayerCorrupt")
        })
      )
    )
  }

  for (const [name, magic] of [
    ["xz", "fd377a585a00"],
    ["bzip2", "425a68393141"],
    ["lz4", "04224d186440"]
  ] as const) {
    it.effect(`is named when nobody here reads it: ${name}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(decode(Buffer.from(magic, "hex"), 1))
        assert.deepInclude(error, { _tag: "LayerUnsupported", reason: `the layer is compressed with ${name}` })
      })
    )
  }

  for (const [name, compress] of [
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
    ["nothing", (bytes: Buffer) => bytes]
  ] as const) {
    it.effect(`cannot hide a bomb: ${name}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(decode(compress(Buffer.alloc(2 ** 24)), 2 ** 16, 2 ** 20))
        assert.deepInclude(error, { _tag: "LayerLimitExceeded", limit: "bytes", value: 2 ** 20 })
        assert.strictEqual((yield* decode(compress(Buffer.alloc(2 ** 20)), 2 ** 16, 2 ** 20)).length, 2 ** 20)
      })
    )
  }

  const windowed = (log: number) => ({ params: { [constants.ZSTD_c_windowLog]: log } })
  /** A frame that says how long a window it wants: one that knows its length would want no more than that. */
  const long = (log: number) =>
    Effect.promise(() => buffer(Readable.from([first, second]).pipe(createZstdCompress(windowed(log)))))

  it.effect("is taken off zstd with windows up to 128 MiB, and is refused by name beyond", () =>
    Effect.gen(function* () {
      for (const log of [10, 23, 24, 27]) expectSame(yield* decode(yield* long(log)), both)
      const error = yield* Effect.flip(decode(yield* long(28)))
      const reason = "its zstd window of 256 MiB is longer than 128 MiB"
      assert.deepInclude(error, { _tag: "LayerUnsupported", reason })
    })
  )

  it.effect("takes the room for long zstd windows for three layers at once, and gives it back", () =>
    Effect.gen(function* () {
      const asking = yield* long(27)
      const decoder = yield* LayerDecoder
      const reading = Effect.gen(function* () {
        const begun = yield* Latch.make()
        const unended = Stream.concat(Stream.make(asking.subarray(0, -4)), Stream.never)
        const fiber = yield* Effect.forkChild(
          Stream.runForEach(decoder.decode(unended, MAX), () => begun.open),
          { startImmediately: true }
        )
        yield* begun.await
        return fiber
      })
      const readings = yield* Effect.forEach([1, 2, 3], () => reading)
      assert.deepInclude(yield* Effect.flip(decode(asking)), { _tag: "DecoderFull", mebibytes: 128, retryAfter: 1 })
      // What has no room now is told from what never has.
      assert.strictEqual((yield* Effect.flip(decode(yield* long(28))))._tag, "LayerUnsupported")
      expectSame(yield* decode(yield* long(23)), both)
      yield* Fiber.interruptAll(readings)
      expectSame(yield* decode(asking), both)
    })
  )

  it.effect("is not taken off zstd that asks for more room later than at its beginning", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(decode(Buffer.concat([yield* long(10), yield* long(27)])))
      assert.strictEqual(error._tag, "LayerUnsupported")
    })
  )

  it.effect.prop(
    "is refused or taken off whatever was damaged",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 30 })),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 255 }))
    ],
    ([at, flip]) =>
      Effect.gen(function* () {
        const bytes = Buffer.from(gzipSync(second))
        const where = at % bytes.length
        bytes[where] = (bytes[where] ?? 0) ^ flip
        const exit = yield* Effect.exit(decode(bytes, 100))
        if (Exit.isFailure(exit)) assert.isFalse(Exit.hasDies(exit))
      })
  )

  it.effect("fails as its source fails", () =>
    Effect.gen(function* () {
      const decoder = yield* LayerDecoder
      const blob = Stream.concat(Stream.make(gzipped.subarray(0, 50)), Stream.fail("lost" as const))
      assert.strictEqual(yield* Effect.flip(Stream.runDrain(decoder.decode(blob, MAX))), "lost")
    })
  )

  it.effect("gives out what its source held before it failed", () =>
    Effect.gen(function* () {
      const decoder = yield* LayerDecoder
      const blob = Stream.concat(Stream.make(gzipSync(second).subarray(0, -8)), Stream.fail("lost" as const))
      const read: Array<Uint8Array> = []
      const reading = Stream.runForEach(decoder.decode(blob, MAX), (piece) =>
        Effect.sync(() => read.push(piece.slice()))
      )
      assert.strictEqual(yield* Effect.flip(reading), "lost")
      expectSame(Buffer.concat(read), second)
    })
  )

  it.effect("is taken off many layers at once, each for itself", () =>
    Effect.forEach(
      Array.from({ length: 24 }, (_, at) => Buffer.from(`layer ${at} `.repeat(200_000))),
      (plain, at) =>
        Effect.map(decode(at % 2 === 0 ? gzipSync(plain) : zstdCompressSync(plain), 1000), (actual) =>
          expectSame(actual, plain)
        ),
      { concurrency: "unbounded" }
    )
  )

  it.effect.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync]
  ] as const)("is taken off a beginning without a look at what comes after it: %s", ([, compress]) =>
    Effect.gen(function* () {
      const decoder = yield* LayerDecoder
      const parts = pieces(compress(Buffer.from(Array.from({ length: 100_000 }, (_, at) => `${at}\n`).join(""))), 4096)
      let asked = 0
      const blob = Stream.rechunk(
        Stream.tap(Stream.fromIterable(parts), () => Effect.sync(() => asked++)),
        1
      )
      const pull = yield* Stream.toPull(decoder.decode(blob, MAX))
      yield* pull
      const after = asked
      assert.isBelow(after, parts.length / 2)
      // Time enough for one who looks ahead.
      yield* decode(gzipSync(second))
      assert.strictEqual(asked, after)
      yield* pull
      assert.isAbove(asked, after)
    }).pipe(Effect.scoped)
  )

  it.effect("is not taken off faster than it is read", () =>
    Effect.gen(function* () {
      const decoder = yield* LayerDecoder
      const bomb = pieces(gzipSync(Buffer.alloc(2 ** 25)), 1024)
      let taken = 0
      const blob = Stream.tap(Stream.fromArrays(...bomb.map((piece) => [piece] as const)), () =>
        Effect.sync(() => taken++)
      )
      const pull = yield* Stream.toPull(decoder.decode(blob, MAX))
      yield* pull
      for (let turn = 0; turn < 20; turn++) yield* Effect.yieldNow
      assert.isBelow(taken, bomb.length)
      assert.isAtMost(taken, 6)
    }).pipe(Effect.scoped)
  )

  it.effect("lets go of its source when it is interrupted", () =>
    Effect.gen(function* () {
      const decoder = yield* LayerDecoder
      const started = yield* Latch.make()
      let closed = false
      const blob = Stream.make(gzipped.subarray(0, 500)).pipe(
        Stream.concat(Stream.fromEffect(Effect.andThen(started.open, Effect.never))),
        Stream.ensuring(Effect.sync(() => (closed = true)))
      )
      const fiber = yield* Effect.forkChild(Stream.runDrain(decoder.decode(blob, MAX)))
      yield* started.await
      yield* Fiber.interrupt(fiber)
      assert.isTrue(closed)
    })
  )

  it.effect("comes off in chunks of 64 KiB and more", () =>
    Effect.gen(function* () {
      const decoder = yield* LayerDecoder
      const blob = Stream.fromIterable(pieces(gzipSync(Buffer.alloc(2 ** 22)), 512))
      const chunks = yield* Stream.runCollect(decoder.decode(blob, MAX))
      assert.isAtLeast(2 ** 22 / chunks.length, 2 ** 16)
    })
  )

  it.effect("comes off behind whoever waits for an answer, on Linux, where threads have priorities of their own", () =>
    Effect.gen(function* () {
      yield* decode(gzipSync(first))
      // proc_pid_stat(5): the nice value is the 19th field; the command's name, in brackets, may hold anything.
      const nice = readdirSync("/proc/self/task").map((thread) => {
        const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8")
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16])
      })
      assert.include(nice, 19)
      assert.notStrictEqual(getPriority(), 19)
    })
  )
})
