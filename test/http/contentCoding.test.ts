import { describe, expect, it } from "vitest"
import { contentCoding } from "../../src/http/contentCoding.ts"

describe("contentCoding", () => {
  it.each([
    ["gzip, deflate, br", "br"],
    ["gzip;q=1.0, br;q=0.5", "br"],
    ["GZIP", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["br ; Q=0.000 , gzip;q=0", undefined],
    ["*", "br"],
    ["*, br;q=0", "gzip"],
    ["gzip, *;q=0", "gzip"],
    ["identity", undefined],
    ["brotli, x-gzip", undefined],
    ["gzip;q=nonsense", undefined],
    ["", undefined],
    [undefined, undefined]
  ])("for Accept-Encoding: %s is %s", (field, coding) => {
    expect(contentCoding(field, ["br", "gzip"])).toBe(coding)
  })
})
