import { Effect, Pull, Stream } from "effect"
import type { Descriptor } from "../registry/Descriptor.ts"
import type { Digest } from "../registry/Digest.ts"
import type { Platform } from "../registry/Platform.ts"
import type { Reference } from "../registry/Reference.ts"
import { withDeadline } from "./deadline.ts"
import { type Image, openImage } from "./Image.ts"
import { layerNamed } from "./layerNamed.ts"
import { Limits } from "./Limits.ts"
import { withholdLast } from "./withholdLast.ts"
import type { ReadError } from "./ReadError.ts"

export interface LayerRequest {
  readonly reference: Reference
  readonly platform?: Platform
  /** By index or digest. */
  readonly layer: string
}

/** A layer as the manifest describes it. */
interface FoundLayer {
  readonly reference: Reference
  /** Of the platform's manifest. */
  readonly digest: Digest
  readonly platform: Platform
  readonly descriptor: Descriptor
  readonly bytesFetched: Effect.Effect<number>
}

/** A layer's bytes as the registry has them. They can be read, once, for as long as the scope is open. */
interface Download extends FoundLayer {
  /** All of them only if the digest is right; otherwise it fails before the last ones. */
  readonly content: Stream.Stream<Uint8Array, ReadError>
}

const find = Effect.fnUntraced(function* ({ session, manifest, config }: Image, { reference, layer }: LayerRequest) {
  const { platform } = yield* config
  const { descriptor } = yield* Effect.fromResult(layerNamed(manifest.layers, layer))
  const { bytesFetched } = session
  const found: FoundLayer = { reference, digest: manifest.digest, platform, descriptor, bytesFetched }
  return found
})

/** What a download would give; none of the layer's bytes are asked for. */
export const findLayer = Effect.fn("findLayer")(function* (request: LayerRequest) {
  return yield* find(yield* openImage(request.reference, request.platform), request)
})

/** Gives a whole layer of an opened image, unread: its digest is checked while it flows. */
export const downloadFrom = Effect.fnUntraced(function* (image: Image, request: LayerRequest) {
  const found = yield* find(image, request)
  const { timeout } = yield* Limits
  // What can go wrong before the first byte should be known before any answer begins.
  const pull = yield* Stream.toPull(withholdLast(withDeadline(image.session.blob(found.descriptor), timeout)))
  const first = yield* Pull.catchDone(pull, () => Effect.succeed([]))
  const content = Stream.concat(Stream.fromIterable(first), Stream.fromPull(Effect.succeed(pull)))
  const result: Download = { ...found, content }
  return result
})

/** As `downloadFrom`, for an image that is yet to be opened. */
export const download = Effect.fn("download")(function* (request: LayerRequest) {
  return yield* downloadFrom(yield* openImage(request.reference, request.platform), request)
})
