import { fc, it as property } from "@fast-check/vitest"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Stream } from "effect"
import { withholdLast } from "../../../src/domain/image/withholdLast.ts"

const chunks = fc.array(fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 3 }), { maxLength: 6 })

const bytesOf = (given: ReadonlyArray<ReadonlyArray<Uint8Array>>) => Array.from(Buffer.concat(given.flat()))

/** The stream that hands out these chunks, each as it is. */
const streamOf = (given: ReadonlyArray<ReadonlyArray<Uint8Array>>) =>
  Stream.flatMap(Stream.fromIterable(given), (pieces) => Stream.fromIterable(pieces))

/** All that comes out of a stream, and how it ends. */
const read = <E>(stream: Stream.Stream<Uint8Array, E>) => {
  const bytes: Array<number> = []
  return Effect.map(
    Effect.exit(Stream.runForEach(withholdLast(stream), (piece) => Effect.sync(() => bytes.push(...piece)))),
    (exit) => ({ bytes, exit })
  )
}

describe("withholdLast", () => {
  property.prop([chunks])("gives every byte of a stream that ends well", async (given) => {
    const { bytes, exit } = await Effect.runPromise(read(streamOf(given)))
    assert.isTrue(Exit.isSuccess(exit))
    assert.deepStrictEqual(bytes, bytesOf(given))
  })

  property.prop([chunks])("gives a beginning of one that fails, and never all of it", async (given) => {
    const failing = Stream.concat(streamOf(given), Stream.fail("the digest is wrong"))
    const { bytes, exit } = await Effect.runPromise(read(failing))
    assert.deepStrictEqual(exit, Exit.fail("the digest is wrong"))
    const all = bytesOf(given)
    assert.deepStrictEqual(bytes, all.slice(0, bytes.length))
    if (all.length > 0) assert.isBelow(bytes.length, all.length)
  })

  it.effect("passes on what has been followed, without waiting for the end", () =>
    Effect.gen(function* () {
      const endless = Stream.concat(
        Stream.make(Uint8Array.of(1)),
        Stream.concat(Stream.make(Uint8Array.of(2)), Stream.never)
      )
      const [first] = yield* Stream.runCollect(Stream.take(withholdLast(endless), 1))
      assert.deepStrictEqual(first, Uint8Array.of(1))
    })
  )
})
