import { fc, test } from "@fast-check/vitest"
import { expect } from "vitest"
import { byteAt } from "../../../src/domain/image/byteAt.ts"

test.prop([fc.uint8Array(), fc.nat(20)])("bytes go on as zeros", (bytes, beyond) => {
  const padded = [...bytes, ...Array.from({ length: beyond + 1 }, () => 0)]
  expect(padded.map((_, at) => byteAt(bytes, at))).toEqual(padded)
})
