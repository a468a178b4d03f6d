import { Result, Schema } from "effect"
import { Digest, isDigest } from "./Digest.ts"
import { canonicalHost, hostFault, HUB, isHostName } from "./RegistryHost.ts"

/** A string that is not an image reference; `reason` says what is wrong with it. */
export class ImageReferenceInvalid extends Schema.TaggedError<ImageReferenceInvalid>()("ImageReferenceInvalid", {
  input: Schema.String,
  reason: Schema.String
}) {}

/**
 * An image reference, parsed once: the host as people name it (`docker.io`, `localhost:5000`), the repository with
 * its namespace (`library/alpine`), and a tag, a digest, or both (the digest then decides, the tag is only shown).
 */
export class Reference extends Schema.Class<Reference>("Reference")({
  registry: Schema.String,
  repository: Schema.String,
  tag: Schema.optionalKey(Schema.String),
  digest: Schema.optionalKey(Digest)
}) {}

const OFFICIAL = "library/"

// The grammar of github.com/distribution/reference, which `docker pull` uses.
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/u
const TAG = /^\w[\w.-]{0,127}$/u
const HEX_ID = /^[a-f0-9]{64}$/u
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//iu
const LONGEST = 4096
const LONGEST_REPOSITORY = 255

export const isTag = (text: string): boolean => TAG.test(text)

/**
 * Docker also takes a first component with capitals for a host; whoever writes `MyOrg/app` is better served with a word
 * about capitals than with a host that is not there.
 */
const splitHost = (name: string): readonly [host: string, rest: string] => {
  const slash = name.indexOf("/")
  const first = slash === -1 ? "" : name.slice(0, slash)
  return isHostName(first) ? [canonicalHost(first), name.slice(slash + 1)] : [HUB, name]
}

/** `written` is the repository's name as it stands in the reference, which people know it by. */
const repositoryFault = (repository: string, written: string): string | undefined => {
  if (repository === "") return "the repository's name is missing"
  if (repository.length > LONGEST_REPOSITORY) return `a repository's name has at most ${LONGEST_REPOSITORY} characters`
  if (PATH.test(repository)) return undefined
  return PATH.test(repository.toLowerCase())
    ? `a repository's name is lower case: did you mean "${written.toLowerCase()}"?`
    : `"${written}" is not a repository name: lower-case letters and digits, separated by one of . _ __ - or /`
}

/** Reads a reference as `docker pull` does; without a tag or digest it means `latest`. Host names lose their case. */
export const parse = (input: string): Result.Result<Reference, ImageReferenceInvalid> => {
  const refuse = (reason: string) => Result.fail(new ImageReferenceInvalid({ input: input.slice(0, LONGEST), reason }))
  if (input === "") return refuse("it is empty")
  if (input.length > LONGEST) return refuse("it is too long")
  if (HEX_ID.test(input)) return refuse("64 hex digits are an image id, not a name; a digest is written name@sha256:…")
  const [scheme] = SCHEME.exec(input) ?? []
  if (scheme !== undefined) return refuse(`it is not a URL, and has no "${scheme}" before it`)

  const at = input.indexOf("@")
  const named = at === -1 ? input : input.slice(0, at)
  const digest = at === -1 ? undefined : input.slice(at + 1)
  if (digest !== undefined && !isDigest(digest))
    return refuse("a digest is written sha256: and 64 lower-case hex digits")

  const [registry, rest] = splitHost(named)
  const colon = rest.indexOf(":")
  const path = colon === -1 ? rest : rest.slice(0, colon)
  const tag = colon === -1 ? undefined : rest.slice(colon + 1)
  const repository = registry === HUB && path !== "" && !path.includes("/") ? OFFICIAL + path : path

  const fault = hostFault(registry) ?? repositoryFault(repository, path)
  if (fault !== undefined) return refuse(fault)
  if (tag !== undefined && !isTag(tag)) {
    return refuse(`"${tag}" is not a tag: at most 128 letters, digits, _ . or -, the first of them no . or -`)
  }
  const shown = tag ?? (digest === undefined ? "latest" : undefined)
  return Result.succeed(
    new Reference({
      registry,
      repository,
      ...(shown === undefined ? {} : { tag: shown }),
      ...(digest === undefined ? {} : { digest })
    })
  )
}

const suffix = (reference: Reference): string =>
  (reference.tag === undefined ? "" : `:${reference.tag}`) +
  (reference.digest === undefined ? "" : `@${reference.digest}`)

/** The repository with its host, without which its name says nothing: `docker.io/library/alpine`. */
export const repositoryOf = (reference: Reference): string => `${reference.registry}/${reference.repository}`

/** The whole reference, nothing left to be understood: `docker.io/library/alpine:latest`. */
export const format = (reference: Reference): string => repositoryOf(reference) + suffix(reference)

/** The shortest form that means the same: `alpine:latest`. */
export const familiar = (reference: Reference): string => {
  if (reference.registry !== HUB) return format(reference)
  const short = reference.repository.startsWith(OFFICIAL) ? reference.repository.slice(OFFICIAL.length) : undefined
  // `library/localhost/x` must keep its prefix, or `localhost` would be taken for a host.
  const name = short === undefined || short.includes("/") ? reference.repository : short
  return (splitHost(name)[0] === HUB ? name : `${HUB}/${name}`) + suffix(reference)
}

/** What a manifest is asked for by: the digest when there is one. */
export const target = (reference: Reference): string => reference.digest ?? reference.tag ?? "latest"

/** The host, with its port if one was given, that answers for the registry people name. */
export const endpoint = (reference: Reference): string =>
  reference.registry === HUB ? "registry-1.docker.io" : reference.registry

/** Leave to read this repository, in the words of the Distribution token specification. */
export const scopeOf = (reference: Reference): string => `repository:${reference.repository}:pull`
