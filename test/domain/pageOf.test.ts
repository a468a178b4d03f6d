import { fc, test } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { pageOf } from "../../src/domain/pageOf.ts"

describe("a page", () => {
  test.prop([fc.array(fc.nat()), fc.integer({ min: 1, max: 9 })])(
    "has at most as many as were asked for, and leads on exactly when more were found",
    (found, limit) => {
      const { items, last } = pageOf(found.slice(0, limit + 1), limit)
      expect(items).toEqual(found.slice(0, limit))
      expect(last).toBe(found.length > limit ? found[limit - 1] : undefined)
    }
  )
})
