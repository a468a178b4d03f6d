import { Predicate, Result } from "effect"
import { ManifestInvalid, ManifestUnsupported } from "./RegistryError.ts"

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json"
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
const DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"

/** Every kind of manifest that is asked for, always all at once. */
export const MANIFEST_TYPES = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST]

type Kind = "manifest" | "index"

const KINDS: ReadonlyMap<string, Kind> = new Map([
  [OCI_INDEX, "index"],
  [DOCKER_LIST, "index"],
  [OCI_MANIFEST, "manifest"],
  [DOCKER_MANIFEST, "manifest"]
])

export const isIndexType = (mediaType: string): boolean => KINDS.get(mediaType) === "index"

/** The media type a document gives itself. */
export const mediaTypeOf = (json: unknown): string | undefined =>
  Predicate.hasProperty(json, "mediaType") && Predicate.isString(json.mediaType) && json.mediaType !== ""
    ? json.mediaType
    : undefined

const isSchema1 = (json: unknown, types: ReadonlyArray<string>): boolean =>
  (Predicate.hasProperty(json, "schemaVersion") && json.schemaVersion === 1) ||
  types.some((type) => type.includes("docker.distribution.manifest.v1"))

/**
 * Whether a document is a manifest or an index. One that could be read as both, or that says one thing and is sent as
 * another, is refused: two readers of one digest must not see two images (CVE-2021-41190).
 */
export const kindOf = (json: unknown, sentAs: string): Result.Result<Kind, ManifestInvalid | ManifestUnsupported> => {
  const own = mediaTypeOf(json)
  const types = own === undefined ? [sentAs] : [own, sentAs]
  if (isSchema1(json, types)) return Result.fail(new ManifestUnsupported({ mediaType: DOCKER_SCHEMA_1 }))

  const holdsLayers = Predicate.hasProperty(json, "layers") || Predicate.hasProperty(json, "config")
  const holdsManifests = Predicate.hasProperty(json, "manifests")
  const ambiguous = new ManifestInvalid({ reason: "it can be read as an image and as an index" })

  const [said, other] = types.flatMap((type) => KINDS.get(type) ?? [])
  if (other !== undefined && said !== other) return Result.fail(ambiguous)
  if (own !== undefined && !KINDS.has(own)) return Result.fail(new ManifestUnsupported({ mediaType: own }))
  const kind = said ?? (holdsManifests ? "index" : holdsLayers ? "manifest" : undefined)
  if (kind === undefined) return Result.fail(new ManifestInvalid({ reason: "it is neither an image nor an index" }))
  return (kind === "index" ? holdsLayers : holdsManifests) ? Result.fail(ambiguous) : Result.succeed(kind)
}
