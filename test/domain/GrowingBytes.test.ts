import { fc, test } from "@fast-check/vitest"
import { expect } from "vitest"
import { GrowingBytes } from "../../src/domain/GrowingBytes.ts"

test.prop([fc.array(fc.array(fc.uint8Array({ maxLength: 20 })))])(
  "what is gathered is what came, in its order, anew after each time it was taken",
  (times) => {
    const gathered = new GrowingBytes()
    const taken = times.map((pieces) => {
      for (const piece of pieces) gathered.add(piece)
      const length = gathered.length
      const bytes = gathered.take()
      expect(bytes).toHaveLength(length)
      return bytes
    })
    // What was taken stays as it was, whatever came after it.
    const came = times.map((pieces) => new Uint8Array(Buffer.concat(pieces)))
    expect(taken.map((bytes) => new Uint8Array(bytes))).toEqual(came)
  }
)
