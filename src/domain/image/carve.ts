import { Effect, Pull, Stream } from "effect"
import type { Digest } from "../registry/Digest.ts"
import type { Platform } from "../registry/Platform.ts"
import type { Reference } from "../registry/Reference.ts"
import { contentType } from "./contentType.ts"
import { type Image, openImage } from "./Image.ts"
import { layerNamed } from "./layerNamed.ts"
import { layersOf } from "./layers.ts"
import { locate } from "./locate.ts"
import type { ReadError } from "./ReadError.ts"

export interface CarveRequest {
  readonly reference: Reference
  readonly platform?: Platform
  readonly path: string
  /** One layer, by index or digest, as if it were all of the image. */
  readonly layer?: string
}

/** A file cut out of an image. Its bytes can be read, once, for as long as the scope is open. */
interface Carved {
  readonly reference: Reference
  readonly digest: Digest
  readonly platform: Platform
  /** Where the bytes are, every link followed, and in which layer. */
  readonly path: string
  readonly layer: { readonly index: number; readonly digest: Digest }
  readonly size: number
  /** A guess, from the name and the first bytes. */
  readonly contentType: string
  readonly content: Stream.Stream<Uint8Array, ReadError>
  readonly bytesFetched: Effect.Effect<number>
}

/** Finds the file. Layers are read from the top down, each only until the file, or what hides it, is found. */
const find = Effect.fnUntraced(function* (image: Image, request: CarveRequest) {
  const layers = yield* layersOf(image)
  const named = (layer: string) => Effect.fromResult(layerNamed(layers.descriptors, layer))
  const only = request.layer === undefined ? undefined : yield* named(request.layer)
  const range =
    only === undefined ? { top: layers.descriptors.length - 1, bottom: 0 } : { top: only.index, bottom: only.index }
  const { entry, cursor } = yield* locate(layers, range, request.path)
  const { index, descriptor } = yield* named(String(entry.layer))
  return { index, descriptor, entry, content: cursor.content }
})

/**
 * Cuts one file out of an opened image; with the last byte the connection is cut. The image's configuration is read beside the
 * layers: these first, as they take longer, over the connection that is there. What is wrong with it is told before anything else.
 */
export const carveFrom = Effect.fnUntraced(function* (image: Image, request: CarveRequest) {
  const both = [Effect.exit(find(image, request)), image.config] as const
  const [found, { platform }] = yield* Effect.all(both, { concurrency: "unbounded" })
  const { index, descriptor, entry, content } = yield* found
  // What can go wrong before the first byte should be known before any answer begins.
  const pull = yield* Stream.toPull(content)
  const first = yield* Pull.catchDone(pull, () => Effect.succeed([]))
  const result: Carved = {
    reference: request.reference,
    digest: image.manifest.digest,
    platform,
    path: entry.path,
    layer: { index, digest: descriptor.digest },
    size: entry.size,
    contentType: contentType(entry.path, first[0] ?? new Uint8Array(0)),
    content: Stream.concat(Stream.fromIterable(first), Stream.fromPull(Effect.succeed(pull))),
    bytesFetched: image.session.bytesFetched
  }
  return result
})

/** Opens an image and cuts one file out of it. */
export const carve = Effect.fn("carve")(function* (request: CarveRequest) {
  return yield* carveFrom(yield* openImage(request.reference, request.platform), request)
})
