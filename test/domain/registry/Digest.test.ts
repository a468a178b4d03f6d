import { fc, test } from "@fast-check/vitest"
import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { algorithm, Digest, isDigest } from "../../../src/domain/registry/Digest.ts"

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length })

describe("a digest", () => {
  test.prop([hex(64), hex(128)])("names its hash function", (short, long) => {
    expect(algorithm(Digest.make(`sha256:${short}`))).toBe("sha256")
    expect(algorithm(Digest.make(`sha512:${long}`))).toBe("sha512")
  })

  it("is told what it has to be", () => {
    const read = Schema.decodeUnknownResult(Digest)("sha256:x")
    expect(Result.isFailure(read) && String(read.failure)).toContain("sha256: and 64 hex digits")
  })

  const digits = "0".repeat(64)
  it.each([
    digits,
    `sha256:${digits}0`,
    `sha256:${digits.slice(1)}`,
    `sha512:${digits}`,
    `sha256:${digits}${digits}`,
    `sha1:${digits}`,
    `SHA256:${digits}`,
    `sha256:${"A".repeat(64)}`,
    ` sha256:${digits}`,
    `sha512:${digits}${digits}\n`
  ])("is not %j", (text) => expect(isDigest(text)).toBe(false))
})
