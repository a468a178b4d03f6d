import { fc, it } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { decodeName } from "../../src/domain/image/name.ts"
import { percentEncode } from "../../src/http/percentEncode.ts"

describe("percentEncode", () => {
  it.prop([fc.string({ unit: "grapheme" })])("is undone by the decoder that everybody has", (text) => {
    expect(decodeURIComponent(percentEncode(text))).toBe(text)
  })

  it.prop([fc.uint8Array()])(
    "keeps every byte of a name, UTF-8 or not, in characters that a header field holds",
    (bytes) => {
      const encoded = percentEncode(decodeName(bytes))
      expect(encoded).toMatch(/^[A-Za-z0-9._~%-]*$/u)
      expect(
        Buffer.from(
          encoded.replaceAll(/%(..)/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          "latin1"
        )
      ).toEqual(Buffer.from(bytes))
    }
  )
})
