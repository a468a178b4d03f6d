import { gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { beginningFirst } from "../../../src/infra/layer/beginning.ts"

const content = Buffer.from("somewhere in the first kilobytes ".repeat(20_000))
const compressed = { gzip: gzipSync(content), zstd: zstdCompressSync(content) }
const empty = { gzip: gzipSync(""), zstd: zstdCompressSync("") }
const NO_TIME = 0
const ALL_DAY = 86_400_000
const unasked = Stream.suspend((): Stream.Stream<Uint8Array> => Stream.die("the whole was asked for"))

const read = (stream: Stream.Stream<Uint8Array>) =>
  Effect.map(Stream.mkUint8Array(stream), (bytes) => Buffer.from(bytes))

describe.each(["gzip", "zstd"] as const)("the beginning of a layer compressed with %s", (codec) => {
  it.effect("is there before the whole is begun", () =>
    Effect.gen(function* () {
      const begun = yield* read(Stream.take(beginningFirst(compressed[codec], codec, unasked), 1))
      assert.isAbove(begun.length, 64 * 1024)
      assert.isBelow(begun.length, content.length)
      assert.isTrue(begun.equals(content.subarray(0, begun.length)))
    })
  )

  it.effect("is followed by what comes after it, wherever the two are cut", () =>
    Effect.gen(function* () {
      for (const known of [0, 1, 30, 600, compressed[codec].length]) {
        for (const size of [1000, 2 ** 18, 2 ** 20]) {
          const pieces = Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
            content.subarray(at * size, (at + 1) * size)
          )
          const first = compressed[codec].subarray(0, known)
          const all = yield* read(beginningFirst(first, codec, Stream.fromIterable(pieces)))
          assert.isTrue(all.equals(content), `${known} bytes known, pieces of ${size}`)
        }
      }
    })
  )

  it.effect("is left to the whole where it is broken", () =>
    Effect.gen(function* () {
      const broken = Buffer.from(compressed[codec])
      broken.fill(0xff, 4, 40)
      const all = yield* read(beginningFirst(broken, codec, Stream.make(content)))
      assert.isTrue(all.equals(content))
    })
  )

  /** The content, after so many bytes that come to nothing: whole members, or frames. */
  const after = (bytes: number) => {
    const count = Math.ceil(bytes / empty[codec].length)
    return Buffer.concat([...Array.from({ length: count }, () => empty[codec]), compressed[codec]])
  }
  const lengthOfFirst = (first: Uint8Array, slice: number) =>
    Effect.map(read(Stream.take(beginningFirst(first, codec, Stream.make(content), slice), 1)), ({ length }) => length)

  it.effect("is not looked for further than in the first 64 KiB, for nothing takes its time as well", () =>
    Effect.gen(function* () {
      assert.isBelow(yield* lengthOfFirst(after(32 * 1024), ALL_DAY), content.length)
      assert.strictEqual(yield* lengthOfFirst(after(64 * 1024), ALL_DAY), content.length)
    })
  )

  it.effect("is given up to the whole when its time is over, and what there is of it is not lost", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* lengthOfFirst(after(8 * 1024), NO_TIME), content.length)
      const all = yield* read(beginningFirst(compressed[codec], codec, Stream.make(content), NO_TIME))
      assert.isTrue(all.equals(content))
    })
  )

  it.effect("waits for its turn, so that many at once do not keep the event loop", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const note = (who: string) => Effect.sync(() => order.push(who))
      const loop = Effect.callback<void>((resume) => {
        setImmediate(() => resume(Effect.void))
      })
      const beginning = Stream.take(beginningFirst(compressed[codec], codec, unasked), 1)
      const many = Array.from({ length: 50 }, () => Effect.andThen(Stream.runDrain(beginning), note("a beginning")))
      yield* Effect.all([Effect.andThen(loop, note("the loop")), ...many], { concurrency: "unbounded" })
      assert.notStrictEqual(order.at(-1), "the loop")
    })
  )
})
