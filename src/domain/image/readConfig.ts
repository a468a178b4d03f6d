import { Duration, Effect, Stream } from "effect"
import { GrowingBytes } from "../GrowingBytes.ts"
import type { Descriptor } from "../registry/Descriptor.ts"
import { parseImageConfig } from "../registry/ImageConfig.ts"
import { repositoryOf } from "../registry/Reference.ts"
import { ManifestInvalid, RegistryTimeout } from "../registry/RegistryError.ts"
import type { RegistrySession } from "../registry/RegistrySession.ts"
import { type KnownBlobs, orWithout } from "./KnownBlobs.ts"

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
export type Later = Array<Effect.Effect<void>>

/** Only for a session that a manifest naming the configuration was read in: that is the caller's right to it. */
export const readConfig = Effect.fnUntraced(function* (
  session: RegistrySession,
  descriptor: Descriptor,
  { blobs, later }: { readonly blobs: KnownBlobs["Service"]; readonly later: Later }
) {
  if (descriptor.size > MAX_CONFIG_BYTES) {
    return yield* new ManifestInvalid({ reason: "the image's configuration is larger than 4 MiB" })
  }
  const blob = { repository: repositoryOf(session.reference), digest: descriptor.digest }
  const remembered = yield* orWithout(blobs.document(blob))
  if (remembered !== undefined) return yield* Effect.fromResult(parseImageConfig(remembered))
  const bytes = yield* fetchConfig(session, descriptor)
  const config = yield* Effect.fromResult(parseImageConfig(bytes))
  later.push(orWithout(blobs.keepDocument(blob, bytes)))
  return config
})
