import { validateHeaderValue } from "node:http"
import { fc, it as property } from "@fast-check/vitest"
import { describe, expect, it } from "vitest"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { layerName, layerType } from "../../../src/http/view/layer.ts"

const layer = (mediaType: string) =>
  new Descriptor({ mediaType, digest: Digest.make(`sha256:${"a".repeat(64)}`), size: 1 })

const pieces = [
  "application/vnd.oci.image.layer.v1.tar",
  "+gzip",
  "/",
  "text",
  "\r\n",
  "\u0000",
  ";",
  " ",
  "é",
  "\u{1f511}"
]
const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 5 })

describe("a layer's type", () => {
  property.prop([text.map((some) => some.join(""))], { numRuns: 2000 })(
    "is its media type or that of any bytes, and always fit for a header",
    (mediaType) => {
      const type = layerType(layer(mediaType))
      expect([mediaType, "application/octet-stream"]).toContain(type)
      expect(type).toMatch(/^[^/;\s]+\/[^/;\s]+$/u)
      validateHeaderValue("Content-Type", type)
    }
  )

  it.each(["", "tar", "a/b/c", "text/html; charset=utf-8", "a/b\r\nX: y", " a/b", "a/b ", `a/${"b".repeat(128)}`])(
    "is no longer %j, which is none",
    (mediaType) => expect(layerType(layer(mediaType))).toBe("application/octet-stream")
  )
})

describe("a layer's name", () => {
  property.prop([text.map((some) => some.join(""))])("is its digest and a known extension", (mediaType) => {
    expect(layerName(layer(mediaType))).toMatch(/^sha256-a{64}(?:\.tar(?:\.gz|\.zst)?)?$/u)
  })
})
