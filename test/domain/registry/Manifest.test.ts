import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { assert, describe } from "vitest"
import { Digest } from "../../../src/domain/registry/Digest.ts"
import { parseManifest } from "../../../src/domain/registry/Manifest.ts"
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "../../../src/domain/registry/mediaType.ts"
import { formatPlatform } from "../../../src/domain/registry/Platform.ts"
import { hex } from "./arbitrary.ts"

const own = Digest.make(`sha256:${"0".repeat(64)}`)
const parse = (json: unknown, mediaType = "") =>
  parseManifest({ digest: own, mediaType, bytes: new TextEncoder().encode(JSON.stringify(json)) })
const failure = (json: unknown, mediaType?: string) => {
  const result = parse(json, mediaType)
  return Result.isFailure(result) ? result.failure : assert.fail("it was read")
}

/** The media type that a document is refused by. */
const refused = (json: unknown, mediaType = OCI_MANIFEST) => {
  const error = failure(json, mediaType)
  return error._tag === "ManifestUnsupported" ? error.mediaType : assert.fail(error.reason)
}

const digest = hex(64).map((digits) => `sha256:${digits}`)
const descriptor = (mediaType: string) => fc.record({ mediaType: fc.constant(mediaType), digest, size: fc.nat() })
const CONFIGS = {
  [OCI_MANIFEST]: "application/vnd.oci.image.config.v1+json",
  [DOCKER_MANIFEST]: "application/vnd.docker.container.image.v1+json"
}
const layer = fc
  .constantFrom("application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.docker.image.rootfs.diff.tar.gzip")
  .chain(descriptor)
const image = fc.constantFrom(OCI_MANIFEST, DOCKER_MANIFEST).chain((mediaType) =>
  fc.record({
    schemaVersion: fc.constant(2),
    mediaType: fc.constant(mediaType),
    config: descriptor(CONFIGS[mediaType]),
    layers: fc.array(layer, { maxLength: 5 })
  })
)
const platform = fc.record({ os: fc.constant("linux"), architecture: fc.constantFrom("amd64", "arm64", "s390x") })
const index = fc.constantFrom(OCI_INDEX, DOCKER_LIST).chain((mediaType) =>
  fc.record({
    schemaVersion: fc.constant(2),
    mediaType: fc.constant(mediaType),
    manifests: fc.array(fc.record({ mediaType: fc.constant(OCI_MANIFEST), digest, size: fc.nat(), platform }), {
      maxLength: 5
    })
  })
)

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe("a manifest", () => {
  test.prop([image, fc.boolean(), fc.boolean()])(
    "of either kind is read as it was written, told by what it says or what it is sent as",
    (json, says, sent) => {
      const { mediaType, ...rest } = json
      const read = Result.getOrThrow(parse(says ? json : rest, sent || !says ? mediaType : ""))
      assert(read._tag === "Manifest")
      assert.deepStrictEqual(plain({ config: read.config, layers: read.layers }), {
        config: json.config,
        layers: json.layers
      })
      assert.deepInclude(read, { mediaType, digest: own })
    }
  )

  test.prop([index])("that lists others is read as it was written", (json) => {
    const read = Result.getOrThrow(parse(json, json.mediaType))
    assert(read._tag === "Index")
    assert.deepInclude(read, { mediaType: json.mediaType, digest: own })
    assert.deepStrictEqual(
      read.entries.map((entry) => [entry.descriptor.digest, entry.platform && formatPlatform(entry.platform)]),
      json.manifests.map((entry) => [entry.digest, `linux/${entry.platform.architecture}`])
    )
  })

  test.prop([image, index])("that could be read as an image and as an index is neither", (one, other) => {
    const json = { ...other, ...one }
    for (const mediaType of [OCI_MANIFEST, OCI_INDEX, ""])
      assert.strictEqual(failure(json, mediaType)._tag, "ManifestInvalid")
    assert.strictEqual(failure(one, OCI_INDEX)._tag, "ManifestInvalid")
    assert.strictEqual(failure({ ...one, mediaType: OCI_INDEX }, OCI_INDEX)._tag, "ManifestInvalid")
  })

  test.prop([fc.json()])("of any JSON is read or refused", (json) => {
    parseManifest({ digest: own, mediaType: "application/json", bytes: new TextEncoder().encode(json) })
  })

  test.prop([image])("of schema 1, signed or not, is refused by name", (json) => {
    const schema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
    assert.strictEqual(refused({ schemaVersion: 1, name: "x", fsLayers: [] }), schema1)
    assert.strictEqual(refused(json, "application/vnd.docker.distribution.manifest.v1+json"), schema1)
  })

  test("of an artifact without a file system is refused by name", () => {
    const of = (mediaType: string) => ({ mediaType, digest: own, size: 2 })
    const chart = "application/vnd.cncf.helm.config.v1+json"
    assert.strictEqual(refused({ config: of(chart), layers: [] }), chart)
    const empty = of("application/vnd.oci.empty.v1+json")
    const sbom = "application/spdx+json"
    assert.strictEqual(refused({ artifactType: sbom, config: empty, layers: [empty] }), sbom)
    const attestation = "application/vnd.in-toto+json"
    const config = of(CONFIGS[OCI_MANIFEST])
    assert.strictEqual(refused({ config, layers: [of(attestation)] }), attestation)
    const layers = [of(attestation), of("application/vnd.oci.image.layer.v1.tar")]
    assert.isTrue(Result.isSuccess(parse({ config, layers })), "one layer that is a file system is enough")
    for (const wrong of [`x${config.mediaType}`, `${config.mediaType}x`]) {
      assert.strictEqual(refused({ config: of(wrong), layers: [] }), wrong)
    }
  })

  test("that is of no kind, or of a kind nobody here reads, is refused", () => {
    assert.strictEqual(failure({})._tag, "ManifestInvalid")
    assert.strictEqual(failure(null)._tag, "ManifestInvalid")
    assert.strictEqual(refused({ mediaType: "application/x-other", layers: [] }), "application/x-other")
    assert.strictEqual(failure({ manifests: [] }, OCI_MANIFEST)._tag, "ManifestInvalid")
  })

  test("may name its entries' media types and platforms, or not", () => {
    const named = { digest: own, size: 1, urls: ["https://x.example/"] }
    const manifests = [
      named,
      { ...named, platform: { os: "linux" } },
      { ...named, platform: { architecture: "amd64" } },
      { ...named, platform: { os: "linux", architecture: "" } },
      { ...named, platform: { os: "linux", architecture: "arm", variant: "v6" } }
    ]
    const read = Result.getOrThrow(parse({ manifests }))
    assert(read._tag === "Index")
    assert.deepStrictEqual(
      read.entries.map((entry) => [entry.descriptor.mediaType, entry.descriptor.urls, entry.platform?.variant]),
      [undefined, undefined, undefined, undefined, "v6"].map((variant) => ["", ["https://x.example/"], variant])
    )
  })

  test("may give sixteen addresses for a layer; more are not asked", () => {
    const urls = Array.from({ length: 17 }, (_, at) => `https://${at}.example/`)
    const read = Result.getOrThrow(parse({ manifests: [{ digest: own, size: 1, urls }] }))
    assert(read._tag === "Index")
    assert.deepStrictEqual(read.entries[0]?.descriptor.urls, urls.slice(0, 16))
  })

  test("may leave out or null what it does not need, but not a digest or a size", () => {
    const config = { mediaType: CONFIGS[OCI_MANIFEST], digest: own, size: 2, urls: null, platform: null }
    assert.isTrue(Result.isSuccess(parse({ config, layers: null, artifactType: null })))
    assert.isTrue(Result.isSuccess(parse({ manifests: null, mediaType: OCI_INDEX })))
    for (const broken of [
      { size: -1 },
      { size: 1.5 },
      { digest: "sha256:x" },
      { digest: "md5:00" },
      { digest: null }
    ]) {
      assert.strictEqual(failure({ config: { ...config, ...broken }, layers: [] })._tag, "ManifestInvalid")
    }
  })

  test("of the wrong shape is refused with a reason that is not endless", () => {
    const config = { mediaType: CONFIGS[OCI_MANIFEST], digest: own, size: 2 }
    for (const json of [
      { config: { ...config, platform: { os: 1 } } },
      { config: { ...config, digest: "x".repeat(2000) } },
      { mediaType: OCI_INDEX, manifests: "none" }
    ]) {
      const error = failure(json)
      assert(error._tag === "ManifestInvalid")
      assert.isAtMost(error.reason.length, 500)
    }
  })

  test("that would take long to read is refused before it is read", () => {
    const of = (mediaType: string) => ({ mediaType, digest: own, size: 1 })
    const many = (length: number) => Array.from({ length }, () => of("application/vnd.oci.image.layer.v1.tar"))
    const config = of(CONFIGS[OCI_MANIFEST])
    assert.isTrue(Result.isSuccess(parse({ config, layers: many(1024) })))
    assert.isTrue(Result.isSuccess(parse({ manifests: many(1024) })))
    for (const json of [{ config, layers: many(1025) }, { manifests: many(1025) }]) {
      assert.deepInclude(failure(json), { _tag: "ManifestInvalid", reason: "it lists more than 1024 entries" })
    }
    const bytes = new TextEncoder().encode("[".repeat(4_000_000))
    const deep = parseManifest({ digest: own, mediaType: OCI_MANIFEST, bytes })
    assert.isTrue(Result.isFailure(deep) && deep.failure._tag === "ManifestInvalid")
  })

  test("that is not JSON in UTF-8 is invalid", () => {
    for (const bytes of [new Uint8Array(), new Uint8Array([0x22, 0xff, 0x22]), new TextEncoder().encode("{")]) {
      const read = parseManifest({ digest: own, mediaType: OCI_MANIFEST, bytes })
      assert.isTrue(Result.isFailure(read) && read.failure._tag === "ManifestInvalid")
    }
  })
})
