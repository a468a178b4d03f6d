import { test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe } from "vitest"
import {
  defaultPlatform,
  distance,
  formatPlatform,
  parsePlatform,
  type Platform
} from "../../../src/domain/registry/Platform.ts"
import { platformName } from "./arbitrary.ts"

const read = (text: string): Platform => Result.getOrThrow(parsePlatform(text))

describe("a platform", () => {
  test.each([
    ["linux/x86_64", "linux/amd64"],
    ["linux/x86-64", "linux/amd64"],
    ["linux/i386", "linux/386"],
    ["linux/i486", "linux/386"],
    ["linux/i586", "linux/386"],
    ["linux/i686", "linux/386"],
    ["Linux/AMD64/v1", "linux/amd64"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/8", "linux/arm64"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/armhf", "linux/arm/v7"],
    ["linux/armel", "linux/arm/v6"],
    ["linux/armel/v7", "linux/arm/v6"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/arm64/V9", "linux/arm64/v9"],
    ["linux/arm/v8", "linux/arm/v8"],
    ["linux/amd64/2", "linux/amd64/v2"],
    ["linux/s390x/z13", "linux/s390x/z13"],
    ["macos/arm64", "darwin/arm64"],
    ["linux/constructor", "linux/constructor"]
  ])("%s is written %s", (input, written) => assert.strictEqual(formatPlatform(read(input)), written))

  test.each([
    "",
    "linux",
    "linux/",
    "/amd64",
    "linux/amd64/",
    "linux/amd64/v1/x",
    "linux /amd64",
    `a/${"b".repeat(65)}`
  ])("%j is none", (input) => {
    const refused = Result.getOrThrow(Result.flip(parsePlatform(input)))
    assert.strictEqual(refused.reason, "a platform is written os/arch or os/arch/variant")
    assert.strictEqual(refused.input, input)
  })

  test("may have names of 64 characters, and is repeated up to 256 where it is none", () => {
    const long = "b".repeat(64)
    assert.strictEqual(formatPlatform(read(`${long}/${long}/${long}`)), `${long}/${long}/${long}`)
    const refused = Result.getOrThrow(Result.flip(parsePlatform("b".repeat(300))))
    assert.strictEqual(refused.input, "b".repeat(256))
  })

  test.prop([platformName, platformName])(
    "runs what fits it or was made for an older one of its kind, never both ways",
    (one, other) => {
      const [there, back] = [distance(read(one), read(other)), distance(read(other), read(one))]
      if (one === other) assert.strictEqual(there, 0)
      else assert.isTrue(there === undefined || back === undefined)
    }
  )
})

test("the platform that is meant where none is said is Linux on amd64", () => {
  assert.strictEqual(formatPlatform(defaultPlatform), "linux/amd64")
})

describe("the distance of two platforms", () => {
  test.each([
    ["linux/s390x", "linux/s390x/z13", 1],
    ["linux/s390x/z13", "linux/s390x", undefined],
    ["linux/s390x/z13", "linux/s390x/z14", undefined],
    ["linux/amd64/v3", "linux/amd64", 2],
    ["linux/amd64", "linux/amd64/v3", undefined],
    ["linux/arm64/v9", "linux/arm64", 1],
    ["linux/arm64/v9.25", "linux/arm64", 1.25],
    ["linux/arm/v7.0", "linux/arm/v7", undefined],
    ["linux/arm64/xv9", "linux/arm64", undefined],
    ["linux/arm64/v10", "linux/arm64", 2],
    ["linux/arm", "linux/arm/v5", 2],
    ["linux/arm/v8", "linux/arm", 1],
    ["linux/amd64/v3", "linux/amd64/v2", 1],
    ["linux/arm64/v9x", "linux/arm64", undefined],
    ["linux/arm64/odd", "linux/arm64", undefined],
    ["linux/arm64", "linux/arm64/odd", undefined],
    ["linux/arm64", "linux/arm/v7", undefined],
    ["windows/amd64", "linux/amd64", undefined]
  ])("from %s to %s is %s", (wanted, offered, gap) => assert.strictEqual(distance(read(wanted), read(offered)), gap))
})
