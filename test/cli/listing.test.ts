import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { asDocument } from "../../src/cli/listing.ts"

/** Names are strangers', and a terminal takes some of what JSON has no need to escape for its own. */
const OBEYED = ["\u009b2J", "\u0085", "\u007f", "\u2028", "\u2029", "\u202e", "\u2066", "\u001b[2J"]

describe("a listing in JSON", () => {
  it.effect("holds nothing that a terminal obeys, and says what it says", () =>
    Effect.gen(function* () {
      const entries = OBEYED.map((mark) => ({ path: `/a${mark}b` }))
      const texts = Stream.make(entries.map((entry) => JSON.stringify(entry)))
      const summary = { image: OBEYED.join("") }
      const text = yield* Stream.mkString(asDocument(summary, texts))
      assert.notMatch(text.trimEnd(), /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
      assert.deepStrictEqual(JSON.parse(text), { ...summary, entries })
    })
  )
})
