import { fc, it } from "@fast-check/vitest"
import { Effect } from "effect"
import { describe, expect } from "vitest"
import { inOrder } from "../../../src/domain/image/inOrder.ts"

const texts = fc.array(fc.string(), { maxLength: 50 })

describe("a listing in order", () => {
  it.prop([texts, fc.integer({ min: 0, max: 5 })])(
    "has every text once, none before a smaller one",
    (some, thousands) => {
      const many = [
        ...some,
        ...Array.from({ length: thousands * 3000 }, (_, index) => `/usr/${(index * 7919) % 15_013}`)
      ]
      expect([...Effect.runSync(inOrder(many))]).toEqual(
        many.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0))
      )
    }
  )
})
