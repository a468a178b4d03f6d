import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { describe, expect } from "vitest"
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  isIndexType,
  kindOf,
  MANIFEST_TYPES,
  mediaTypeOf,
  OCI_INDEX,
  OCI_MANIFEST
} from "../../../src/domain/registry/mediaType.ts"

const SPOKEN = {
  manifest: { types: [OCI_MANIFEST, DOCKER_MANIFEST], parts: ["config", "layers"] },
  index: { types: [OCI_INDEX, DOCKER_LIST], parts: ["manifests"] }
} as const
type Kind = keyof typeof SPOKEN

const kind = fc.constantFrom<Kind>("manifest", "index")
/** What says of a document that it is of a kind: a type of its own, the type it is sent as, what it holds. */
const saying = (what: Kind) =>
  fc.record({
    own: fc.option(fc.constantFrom(...SPOKEN[what].types), { nil: undefined }),
    sentAs: fc.option(fc.constantFrom(...SPOKEN[what].types), { nil: undefined }),
    parts: fc.subarray([...SPOKEN[what].parts])
  })
interface Said {
  readonly own: string | undefined
  readonly sentAs: string | undefined
  readonly parts: ReadonlyArray<string>
}

const says = ({ own, sentAs, parts }: Said) => own !== undefined || sentAs !== undefined || parts.length > 0
const ask = (said: Said, sentAs = "application/json") =>
  kindOf(
    {
      schemaVersion: 2,
      ...(said.own !== undefined && { mediaType: said.own }),
      ...Object.fromEntries(said.parts.map((part) => [part, []]))
    },
    said.sentAs ?? sentAs
  )

const AMBIGUOUS = { _tag: "ManifestInvalid", reason: "it can be read as an image and as an index" }

describe("the kind of a document", () => {
  test.prop([kind.chain((what) => fc.tuple(fc.constant(what), saying(what))), fc.constantFrom("", "text/plain")])(
    "is the one that whatever is said of it agrees on",
    ([what, said], sentAs) => {
      fc.pre(says(said))
      expect(ask(said, sentAs)).toEqual(Result.succeed(what))
    }
  )

  test.prop([saying("manifest"), saying("index"), fc.boolean()])(
    "is none where two things say two, whichever they are",
    (one, other, swap) => {
      const [first, second] = swap ? [other, one] : [one, other]
      const said = { own: first.own, sentAs: second.sentAs, parts: [...first.parts, ...second.parts] }
      fc.pre(says({ ...first, sentAs: undefined }) && says({ ...second, own: undefined }))
      expect(ask(said)).toMatchObject(Result.fail(AMBIGUOUS))
    }
  )

  test.prop([saying("manifest")])("is none that nobody here reads, though it is sent as one that is read", (said) => {
    const own = "application/vnd.cncf.helm.chart.v1+json"
    expect(ask({ ...said, own })).toMatchObject(Result.fail({ _tag: "ManifestUnsupported", mediaType: own }))
  })

  test.prop([fc.jsonValue()])("is none where nothing says any", (json) => {
    const found = kindOf(json, "application/json")
    expect(Result.isFailure(found) && found.failure).toMatchObject({
      _tag: "ManifestInvalid",
      reason: "it is neither an image nor an index"
    })
  })

  test.prop([kind.chain(saying), fc.constantFrom("json", "prettyjws"), fc.nat(2)])(
    "is Docker's first, signed or not, as soon as anything says so",
    (said, form, by) => {
      const type = `application/vnd.docker.distribution.manifest.v1+${form}`
      const json = Object.fromEntries(said.parts.map((part) => [part, []]))
      const found = [
        kindOf({ ...json, schemaVersion: 1 }, said.sentAs ?? ""),
        kindOf({ ...json, mediaType: type }, said.sentAs ?? ""),
        kindOf({ ...json, mediaType: said.own ?? OCI_INDEX }, type)
      ][by]
      expect(found).toMatchObject(
        Result.fail({
          _tag: "ManifestUnsupported",
          mediaType: "application/vnd.docker.distribution.manifest.v1+prettyjws"
        })
      )
    }
  )
})

describe("a media type", () => {
  test("is asked for if it is read", () => {
    expect(MANIFEST_TYPES.toSorted()).toEqual([...SPOKEN.manifest.types, ...SPOKEN.index.types].toSorted())
    expect(MANIFEST_TYPES.filter(isIndexType)).toEqual(SPOKEN.index.types)
    expect(isIndexType("application/json")).toBe(false)
  })

  test.each([{}, null, "text", { mediaType: "" }, { mediaType: 1 }, { mediaType: null }])(
    "is not given by %j",
    (json) => {
      expect(mediaTypeOf(json)).toBeUndefined()
    }
  )

  test("that a document gives itself is what it says", () => {
    expect(mediaTypeOf({ mediaType: "a/b" })).toBe("a/b")
  })
})
