import { Predicate, Result, Schema } from "effect"
import { Descriptor } from "./Descriptor.ts"
import { Digest } from "./Digest.ts"
import { decodeJson, nullable } from "./json.ts"
import { kindOf, mediaTypeOf } from "./mediaType.ts"
import { type Platform, platform } from "./Platform.ts"
import { ManifestInvalid, ManifestUnsupported } from "./RegistryError.ts"
import type { ManifestDocument } from "./RegistrySession.ts"

/** One image for one platform: its configuration and its layers, lowest first. */
export interface Manifest {
  readonly _tag: "Manifest"
  readonly digest: Digest
  readonly mediaType: string
  readonly config: Descriptor
  readonly layers: ReadonlyArray<Descriptor>
}

/** An entry of an index; one that names no platform leaves it to the image's configuration. */
export interface IndexEntry {
  readonly descriptor: Descriptor
  readonly platform?: Platform
}

/** A manifest list: one image for several platforms. */
export interface Index {
  readonly _tag: "Index"
  readonly digest: Digest
  readonly mediaType: string
  readonly entries: ReadonlyArray<IndexEntry>
}

const RawDescriptor = Schema.Struct({
  mediaType: nullable(Schema.String),
  digest: Digest,
  size: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  urls: nullable(Schema.Array(Schema.String)),
  platform: nullable(
    Schema.Struct({
      os: nullable(Schema.String),
      architecture: nullable(Schema.String),
      variant: nullable(Schema.String)
    })
  )
})
type RawDescriptor = typeof RawDescriptor.Type

const RawManifest = Schema.Struct({
  artifactType: nullable(Schema.String),
  config: RawDescriptor,
  layers: nullable(Schema.Array(RawDescriptor))
})

const RawIndex = Schema.Struct({ manifests: nullable(Schema.Array(RawDescriptor)) })

// Each may be asked for the layer, one after the other; more than one or two nobody gives.
const MOST_URLS = 16

const descriptor = (raw: RawDescriptor): Descriptor =>
  new Descriptor({
    mediaType: raw.mediaType ?? "",
    digest: raw.digest,
    size: raw.size,
    ...(raw.urls ? { urls: raw.urls.slice(0, MOST_URLS) } : {})
  })

const IMAGE_CONFIG = /^application\/vnd\.(?:oci\.image\.config|docker\.container\.image)\.v1\+json$/u

const manifest = (
  document: ManifestDocument,
  mediaType: string,
  raw: typeof RawManifest.Type
): Result.Result<Manifest, ManifestUnsupported> => {
  const config = descriptor(raw.config)
  const layers = (raw.layers ?? []).map(descriptor)
  const artifact = IMAGE_CONFIG.test(config.mediaType) ? undefined : (raw.artifactType ?? config.mediaType)
  if (artifact !== undefined) return Result.fail(new ManifestUnsupported({ mediaType: artifact }))
  // Attestations wear an image's configuration; what their layers hold is no file system.
  const [first] = layers
  if (first !== undefined && !layers.some((layer) => layer.mediaType.includes("tar"))) {
    return Result.fail(new ManifestUnsupported({ mediaType: first.mediaType }))
  }
  return Result.succeed({ _tag: "Manifest", digest: document.digest, mediaType, config, layers })
}

const entry = (raw: RawDescriptor): IndexEntry => {
  const { os, architecture, variant } = raw.platform ?? {}
  return os && architecture
    ? { descriptor: descriptor(raw), platform: platform(os, architecture, variant ?? "") }
    : { descriptor: descriptor(raw) }
}

const decode = <A, I>(schema: Schema.Codec<A, I>, json: unknown): Result.Result<A, ManifestInvalid> =>
  Result.mapError(
    Schema.decodeUnknownResult(schema)(json),
    (error) => new ManifestInvalid({ reason: error.message.slice(0, 500) })
  )

// Storage drivers stop at some 128 layers; a list has an entry or two for each platform.
const MOST = 1024

const hasTooMany = (json: unknown): boolean =>
  ["layers", "manifests"].some((name) => {
    const list: unknown = Predicate.hasProperty(json, name) ? json[name] : undefined
    return Array.isArray(list) && list.length > MOST
  })

/** Reads a manifest or index of any of the four kinds; schema 1 and artifacts without a file system are refused by name. */
export const parseManifest = (
  document: ManifestDocument
): Result.Result<Manifest | Index, ManifestInvalid | ManifestUnsupported> =>
  Result.gen(function* () {
    const json = yield* Result.mapError(decodeJson(document.bytes), (reason) => new ManifestInvalid({ reason }))
    if (hasTooMany(json))
      return yield* Result.fail(new ManifestInvalid({ reason: `it lists more than ${MOST} entries` }))
    const kind = yield* kindOf(json, document.mediaType)
    const mediaType = mediaTypeOf(json) ?? document.mediaType
    if (kind === "manifest") return yield* manifest(document, mediaType, yield* decode(RawManifest, json))
    const raw = yield* decode(RawIndex, json)
    const index: Index = {
      _tag: "Index",
      digest: document.digest,
      mediaType,
      entries: (raw.manifests ?? []).map(entry)
    }
    return index
  })
