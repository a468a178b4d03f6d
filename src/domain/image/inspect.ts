import { Effect } from "effect"
import type { Digest } from "../registry/Digest.ts"
import { platformsOf } from "../registry/choosePlatform.ts"
import { createdBy, type ImageConfig } from "../registry/ImageConfig.ts"
import type { Platform } from "../registry/Platform.ts"
import type { Reference } from "../registry/Reference.ts"
import { openImage } from "./Image.ts"

export interface LayerSummary {
  readonly index: number
  readonly digest: Digest
  readonly mediaType: string
  /** Compressed. */
  readonly size: number
  readonly createdBy?: string
}

/** What an image says of itself, without a look into its layers. */
export interface Inspection {
  readonly reference: Reference
  readonly digest: Digest
  readonly indexDigest?: Digest
  readonly platform: Platform
  readonly platforms: ReadonlyArray<Platform>
  readonly config: ImageConfig
  readonly layers: ReadonlyArray<LayerSummary>
  /** Of all layers, compressed. */
  readonly size: number
}

export interface InspectRequest {
  readonly reference: Reference
  readonly platform?: Platform
}

/** Reads an image's manifest and configuration. */
export const inspect = Effect.fn("inspect")(function* (request: InspectRequest) {
  const image = yield* openImage(request.reference, request.platform)
  const { manifest, index: list } = image
  const config = yield* image.config
  const layers = manifest.layers.map(({ digest, mediaType, size }, index): LayerSummary => {
    const step = createdBy(config, index)
    return { index, digest, mediaType, size, ...(step !== undefined && { createdBy: step }) }
  })
  const result: Inspection = {
    reference: request.reference,
    digest: manifest.digest,
    ...(list !== undefined && { indexDigest: list.digest }),
    platform: config.platform,
    platforms: list === undefined ? [config.platform] : platformsOf(list),
    config,
    layers,
    size: layers.reduce((sum, layer) => sum + layer.size, 0)
  }
  return result
})
