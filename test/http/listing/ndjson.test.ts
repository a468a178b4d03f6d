import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Entry } from "../../../src/domain/image/Entry.ts"
import type { Peek } from "../../../src/domain/image/peek.ts"
import { platform } from "../../../src/domain/registry/Platform.ts"
import { asLines } from "../../../src/http/listing/ndjson.ts"
import { entry } from "../../domain/image/support/entry.ts"
import { digestOf, reference } from "../../domain/image/support/registry.ts"

const digest = digestOf(new Uint8Array(0))

/** A peek at a layer of which a byte comes with every look at it. */
const peeking = (entries: Stream.Stream<Entry>, { news = true } = {}): Peek => {
  let bytes = 0
  return {
    reference,
    digest,
    platform: platform("linux", "amd64"),
    entries,
    layers: [],
    bytesFetched: Effect.succeed(0),
    progress: Effect.sync(() => (news ? { layer: 2, bytes: ++bytes, of: 100 } : undefined))
  }
}

const kinds = Effect.fnUntraced(function* (found: Peek, progress: boolean) {
  const lines = asLines(found, { startedAt: 0, requestId: "r", partial: false, progress })
  const text = Buffer.concat(yield* Stream.runCollect(lines)).toString()
  return text
    .trimEnd()
    .split("\n")
    .map((each): string => {
      const document = JSON.parse(each)
      return document.path ?? (document.progress ? `${document.progress.bytes}/${document.progress.of}` : "summary")
    })
})

/** Nothing for a second, then everything at once. */
const late = Stream.fromIterable([entry("/a"), entry("/b")]).pipe(Stream.onStart(Effect.sleep("950 millis")))

describe("progress", () => {
  it.effect("is told ten times a second while no entry comes, and once more before the end", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(kinds(peeking(late), true))
      for (let passed = 0; passed < 950; passed += 10) yield* TestClock.adjust("10 millis")
      const lines = yield* Fiber.join(fiber)
      assert.deepStrictEqual(lines, [
        ...Array.from({ length: 10 }, (_, at) => `${at + 1}/100`),
        "/a",
        "/b",
        "11/100",
        "summary"
      ])
    })
  )

  it.effect("is not told when there is no news, nor to who did not ask", () =>
    Effect.gen(function* () {
      for (const [found, progress] of [
        [peeking(late, { news: false }), true],
        [peeking(late), false]
      ] as const) {
        const fiber = yield* Effect.forkChild(kinds(found, progress))
        yield* TestClock.adjust("950 millis")
        assert.deepStrictEqual(yield* Fiber.join(fiber), ["/a", "/b", "summary"])
      }
    })
  )

  it.effect("holds no entry up, and comes no more often where many come", () =>
    Effect.gen(function* () {
      const many = Stream.rechunk(Stream.fromIterable(Array.from({ length: 5000 }, (_, at) => entry(`/${at}`))), 1)
      const lines = yield* kinds(peeking(many), true)
      assert.strictEqual(lines.filter((each) => each.startsWith("/")).length, 5000)
      assert.isBelow(lines.length, 5004)
    })
  )
})
