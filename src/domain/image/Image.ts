import { Duration, Effect, Result, Stream } from "effect"
import { GrowingBytes } from "../GrowingBytes.ts"
import { choosePlatform, nestedIndexes, platformsOf, withNested } from "../registry/choosePlatform.ts"
import type { Descriptor } from "../registry/Descriptor.ts"
import type { Digest } from "../registry/Digest.ts"
import { type ImageConfig, parseImageConfig } from "../registry/ImageConfig.ts"
import { type Index, type Manifest, parseManifest } from "../registry/Manifest.ts"
import { defaultPlatform, distance, formatPlatform, type Platform, PlatformNotFound } from "../registry/Platform.ts"
import { type Reference, repositoryOf, target } from "../registry/Reference.ts"
import { ManifestInvalid, RegistryTimeout } from "../registry/RegistryError.ts"
import { Registry, type RegistrySession } from "../registry/RegistrySession.ts"
import { KnownBlobs, orWithout } from "./KnownBlobs.ts"

/** One platform's image, opened: its session lasts as long as the scope it was opened in. */
export interface Image {
  readonly session: RegistrySession
  readonly manifest: Manifest
  /** The list the manifest was chosen from, and all it offers. */
  readonly indexDigest?: Digest
  readonly platforms: ReadonlyArray<Platform>
  readonly config: ImageConfig
}

/** As much as a manifest may have. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024
/** How long it may take to come, however steadily it trickles in: whoever waits for it keeps a place from others. */
const PATIENCE = Duration.minutes(1)

const fetchConfig = Effect.fnUntraced(function* (session: RegistrySession, descriptor: Descriptor) {
  const gathered = new GrowingBytes()
  const reading = Stream.runForEach(session.blob(descriptor), (piece) => Effect.sync(() => gathered.add(piece)))
  yield* Effect.timeoutOrElse(reading, {
    duration: PATIENCE,
    orElse: () => Effect.fail(new RegistryTimeout({ host: session.reference.registry }))
  })
  return gathered.take()
})

/** What is to be kept for the next time; nobody who reads waits for it, and no connection is held meanwhile. */
type Later = Array<Effect.Effect<void>>

/** Only for a session that a manifest naming the configuration was read in: that is the caller's right to it. */
const readConfig = Effect.fnUntraced(function* (session: RegistrySession, descriptor: Descriptor, later: Later) {
  if (descriptor.size > MAX_CONFIG_BYTES) {
    return yield* new ManifestInvalid({ reason: "the image's configuration is larger than 4 MiB" })
  }
  const known = yield* KnownBlobs
  const blob = { repository: repositoryOf(session.reference), digest: descriptor.digest }
  const remembered = yield* orWithout(known.document(blob))
  if (remembered !== undefined) return yield* Effect.fromResult(parseImageConfig(remembered))
  const bytes = yield* fetchConfig(session, descriptor)
  const config = yield* Effect.fromResult(parseImageConfig(bytes))
  later.push(orWithout(known.keepDocument(blob, bytes)))
  return config
})

const read = Effect.fnUntraced(function* (session: RegistrySession, tagOrDigest: string) {
  return yield* Effect.fromResult(parseManifest(yield* session.manifest(tagOrDigest)))
})

/** An index together with those in it, one level deep. */
const withInner = Effect.fnUntraced(function* (session: RegistrySession, index: Index) {
  const inner = yield* Effect.forEach(nestedIndexes(index), ({ digest }) => read(session, digest))
  return withNested(
    index,
    inner.filter((document) => document._tag === "Index")
  )
})

const checkPlatform = (wanted: Platform, found: Platform): Result.Result<void, PlatformNotFound> =>
  distance(wanted, found) === undefined
    ? Result.fail(new PlatformNotFound({ platform: formatPlatform(wanted), available: [formatPlatform(found)] }))
    : Result.void

/**
 * Opens an image in the caller's scope. Where a list is to choose from, it is linux/amd64 unless another platform is
 * wanted; an image that is the only one is taken as it is unless a wanted platform says otherwise.
 */
export const openImage = Effect.fn("openImage")(function* (reference: Reference, wanted: Platform | undefined) {
  const registry = yield* Registry
  const later: Later = []
  // Before there is a session, to come after its end.
  yield* Effect.addFinalizer(() => Effect.all(later, { discard: true }))
  const session = yield* registry.open(reference)
  const top = yield* read(session, target(reference))
  if (top._tag === "Manifest") {
    const config = yield* readConfig(session, top.config, later)
    if (wanted !== undefined) yield* Effect.fromResult(checkPlatform(wanted, config.platform))
    const image: Image = { session, manifest: top, platforms: [config.platform], config }
    return image
  }
  const index = yield* withInner(session, top)
  const chosen = yield* Effect.fromResult(choosePlatform(index, wanted ?? defaultPlatform))
  const manifest = yield* read(session, chosen.digest)
  if (manifest._tag === "Index")
    return yield* new ManifestInvalid({ reason: "the list names another list as an image" })
  const config = yield* readConfig(session, manifest.config, later)
  const image: Image = { session, manifest, indexDigest: top.digest, platforms: platformsOf(index), config }
  return image
})
