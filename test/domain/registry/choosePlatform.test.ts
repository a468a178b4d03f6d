import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe } from "vitest"
import { choosePlatform, nestedIndexes, platformsOf, withNested } from "../../../src/domain/registry/choosePlatform.ts"
import { Descriptor } from "../../../src/domain/registry/Descriptor.ts"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import type { Index, IndexEntry } from "../../../src/domain/registry/Manifest.ts"
import { OCI_INDEX, OCI_MANIFEST } from "../../../src/domain/registry/mediaType.ts"
import { distance, formatPlatform, parsePlatform, type Platform } from "../../../src/domain/registry/Platform.ts"
import { platformName } from "./arbitrary.ts"

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

describe("the choice of a platform", () => {
  test.prop([fc.array(platformName, { maxLength: 8 }), platformName])(
    "is the first perfect fit if there is one, wherever it stands",
    (names, wanted) => {
      const found = chosen(indexOf(...names), wanted)
      const first = names.indexOf(wanted)
      if (first !== -1) assert.deepStrictEqual(found, Result.succeed(digest(first)))
    }
  )

  test.prop([fc.array(platformName, { maxLength: 8 }), platformName])(
    "never falls on what would not run, and says what there is",
    (names, wanted) => {
      const found = chosen(indexOf(...names), wanted)
      if (Result.isSuccess(found)) {
        const at = names.findIndex((_name, index) => digest(index) === found.success)
        assert.isDefined(distance(read(wanted), read(names[at] ?? "")))
      } else {
        assert.strictEqual(found.failure.platform, wanted)
        assert.deepStrictEqual(found.failure.available, [...new Set(names)])
      }
    }
  )

  test("takes the newest of the older variants", () => {
    assert.deepStrictEqual(chosen(indexOf("linux/arm/v5", "linux/arm/v6"), "linux/arm/v7"), Result.succeed(digest(1)))
    assert.isTrue(Result.isFailure(chosen(indexOf("linux/arm/v7"), "linux/arm/v6")))
  })

  test("passes over attestations, and takes a single entry that names no platform", () => {
    const index = indexOf("unknown/unknown", undefined, "unknown/amd64", "linux/unknown")
    assert.deepStrictEqual(chosen(index, "linux/amd64"), Result.succeed(digest(1)))
    assert.deepStrictEqual(platformsOf(index), [])
    assert.isTrue(Result.isFailure(chosen(indexOf(undefined, undefined), "linux/amd64")))
    for (const unknown of ["unknown/unknown", "unknown/amd64", "linux/unknown"])
      assert.isTrue(Result.isFailure(chosen(indexOf(unknown), unknown)), unknown)
  })

  test("follows no more than sixteen nested indexes, and offers none of them as an image", () => {
    const entries = Array.from({ length: 17 }, (_, at) => entry("linux/amd64", at, OCI_INDEX))
    const outer: Index = { ...indexOf(), entries: [entry("linux/arm64", 99), ...entries] }
    assert.deepStrictEqual(
      nestedIndexes(outer),
      entries.slice(0, 16).map(({ descriptor }) => descriptor)
    )
    assert.deepStrictEqual(platformsOf(outer).map(formatPlatform), ["linux/arm64"])
  })

  test("keeps an index's own entries before those of its nested ones", () => {
    const [outer, inner] = [indexOf("linux/arm64"), indexOf("linux/arm64", "linux/amd64")]
    const whole = withNested(outer, [inner, indexOf("linux/s390x")])
    assert.deepStrictEqual(whole, { ...outer, entries: [...outer.entries, ...inner.entries, entry("linux/s390x", 0)] })
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
