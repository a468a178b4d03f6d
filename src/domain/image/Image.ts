import { Effect, Result } from "effect"
import { choosePlatform, nestedIndexes, withNested } from "../registry/choosePlatform.ts"
import type { ImageConfig } from "../registry/ImageConfig.ts"
import { type Index, type Manifest, parseManifest } from "../registry/Manifest.ts"
import { defaultPlatform, distance, formatPlatform, type Platform, PlatformNotFound } from "../registry/Platform.ts"
import { type Reference, target } from "../registry/Reference.ts"
import { ManifestInvalid, type RegistryError } from "../registry/RegistryError.ts"
import { Registry, type RegistrySession } from "../registry/RegistrySession.ts"
import { KnownBlobs } from "./KnownBlobs.ts"
import { type Later, readConfig } from "./readConfig.ts"

/** One platform's image, opened: its session lasts as long as the scope it was opened in. */
export interface Image {
  readonly session: RegistrySession
  readonly manifest: Manifest
  /** The list that the manifest was chosen from, if it was. */
  readonly index?: Index
  /**
   * Read once, when it is first asked for, so that layers can be read beside it. Nothing of an image is given to anybody before
   * this is known to be right: it says whether the image is one for the platform that is wanted.
   */
  readonly config: Effect.Effect<ImageConfig, RegistryError | PlatformNotFound>
}

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

/** The manifest that fits, and the list it was chosen from where there is one. */
const find = Effect.fnUntraced(function* (session: RegistrySession, wanted: Platform) {
  const top = yield* read(session, target(session.reference))
  if (top._tag === "Manifest") return { manifest: top }
  const index = yield* withInner(session, top)
  const chosen = yield* Effect.fromResult(choosePlatform(index, wanted))
  const manifest = yield* read(session, chosen.digest)
  if (manifest._tag === "Manifest") return { manifest, index }
  return yield* new ManifestInvalid({ reason: "the list names another list as an image" })
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
  const blobs = yield* KnownBlobs
  const later: Later = []
  // Before there is a session, to come after its end.
  yield* Effect.addFinalizer(() => Effect.all(later, { discard: true }))
  const session = yield* registry.open(reference)
  const found = yield* find(session, wanted ?? defaultPlatform)
  const isOnlyOne = !("index" in found)
  const config = readConfig(session, found.manifest.config, { blobs, later }).pipe(
    Effect.tap(({ platform }) =>
      isOnlyOne && wanted !== undefined ? Effect.fromResult(checkPlatform(wanted, platform)) : Effect.void
    )
  )
  const image: Image = { session, ...found, config: yield* Effect.cached(config) }
  return image
})
