import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe } from "vitest"
import { choosePlatform, nestedIndexes, platformsOf, withNested } from "../../../src/domain/registry/choosePlatform.ts"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import type { Index, IndexEntry } from "../../../src/domain/registry/Manifest.ts"
import { OCI_INDEX, OCI_MANIFEST } from "../../../src/domain/registry/mediaType.ts"
import { distance, formatPlatform, parsePlatform, type Platform } from "../../../src/domain/registry/Platform.ts"

const read = (text: string): Platform => Result.getOrThrow(parsePlatform(text))

const digest = (index: number) => Digest.make(`sha256:${index.toString(16).padStart(64, "0")}`)
const entry = (name: string | undefined, index: number, mediaType = OCI_MANIFEST): IndexEntry => ({
  descriptor: new Descriptor({ mediaType, digest: digest(index), size: 1 }),
  ...(name === undefined ? {} : { platform: read(name) })
})
const indexOf = (...names: ReadonlyArray<string | undefined>): Index => ({
  _tag: "Index",
  digest: digest(999),
  mediaType: OCI_INDEX,
  entries: names.map((name, index) => entry(name, index))
})
const chosen = (index: Index, wanted: string) =>
  Result.map(choosePlatform(index, read(wanted)), (found) => found.digest)

const name = fc.constantFrom(
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/arm/v6",
  "linux/amd64/v3",
  "windows/amd64",
  "linux/s390x"
)

describe("a platform", () => {
  test.each([
    ["linux/x86_64", "linux/amd64"],
    ["Linux/AMD64/v1", "linux/amd64"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/8", "linux/arm64"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/armel", "linux/arm/v6"],
    ["macos/arm64", "darwin/arm64"],
    ["linux/constructor", "linux/constructor"]
  ])("%s is written %s", (input, written) => assert.strictEqual(formatPlatform(read(input)), written))

  test.each(["", "linux", "linux/", "/amd64", "linux/amd64/v1/x", "linux /amd64"])("%j is none", (input) =>
    assert.isTrue(Result.isFailure(parsePlatform(input)))
  )

  test.prop([name, name])(
    "runs what fits it or was made for an older one of its kind, never both ways",
    (one, other) => {
      const [there, back] = [distance(read(one), read(other)), distance(read(other), read(one))]
      if (one === other) assert.strictEqual(there, 0)
      else assert.isTrue(there === undefined || back === undefined)
    }
  )
})

describe("the distance of two platforms", () => {
  test.each([
    ["linux/s390x", "linux/s390x/z13", 1],
    ["linux/s390x/z13", "linux/s390x/z14", undefined],
    ["linux/amd64/v3", "linux/amd64", 2],
    ["linux/amd64", "linux/amd64/v3", undefined],
    ["linux/arm64/v9", "linux/arm64", 1],
    ["linux/arm64/odd", "linux/arm64", undefined],
    ["linux/arm64", "linux/arm64/odd", undefined],
    ["linux/arm64", "linux/arm/v7", undefined],
    ["windows/amd64", "linux/amd64", undefined]
  ])("from %s to %s is %s", (wanted, offered, gap) => assert.strictEqual(distance(read(wanted), read(offered)), gap))
})

describe("the choice of a platform", () => {
  test.prop([fc.array(name, { maxLength: 8 }), name])(
    "is the first perfect fit if there is one, wherever it stands",
    (names, wanted) => {
      const found = chosen(indexOf(...names), wanted)
      const first = names.indexOf(wanted)
      if (first !== -1) assert.deepStrictEqual(found, Result.succeed(digest(first)))
    }
  )

  test.prop([fc.array(name, { maxLength: 8 }), name])(
    "never falls on what would not run, and says what there is",
    (names, wanted) => {
      const found = chosen(indexOf(...names), wanted)
      if (Result.isSuccess(found)) {
        const at = names.findIndex((_name, index) => digest(index) === found.success)
        assert.isDefined(distance(read(wanted), read(names[at] ?? "")))
      } else {
        assert.deepStrictEqual(found.failure.available, [...new Set(names)])
      }
    }
  )

  test("takes the newest of the older variants", () => {
    assert.deepStrictEqual(chosen(indexOf("linux/arm/v5", "linux/arm/v6"), "linux/arm/v7"), Result.succeed(digest(1)))
    assert.isTrue(Result.isFailure(chosen(indexOf("linux/arm/v7"), "linux/arm/v6")))
  })

  test("passes over attestations, and takes a single entry that names no platform", () => {
    const index = indexOf("unknown/unknown", undefined)
    assert.deepStrictEqual(chosen(index, "linux/amd64"), Result.succeed(digest(1)))
    assert.deepStrictEqual(platformsOf(index), [])
    assert.isTrue(Result.isFailure(chosen(indexOf(undefined, undefined), "linux/amd64")))
  })

  test("looks into nested indexes once they are there", () => {
    const outer: Index = { ...indexOf("linux/arm64"), entries: [entry("linux/amd64", 7, OCI_INDEX)] }
    assert.deepStrictEqual(
      nestedIndexes(outer).map((found) => found.digest),
      [digest(7)]
    )
    assert.isTrue(Result.isFailure(chosen(outer, "linux/amd64")))
    assert.deepStrictEqual(
      chosen(withNested(outer, [indexOf("linux/amd64")]), "linux/amd64"),
      Result.succeed(digest(0))
    )
  })
})
