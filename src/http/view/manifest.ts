import type { Inspection } from "../../domain/image/inspect.ts"
import { formatPlatform } from "../../domain/registry/Platform.ts"
import { format } from "../../domain/registry/Reference.ts"
import type { ManifestDocument } from "../api/imageDocuments.ts"

export const viewManifest = (image: Inspection): ManifestDocument => ({
  image: format(image.reference),
  digest: image.digest,
  ...(image.indexDigest !== undefined && { index_digest: image.indexDigest }),
  platform: formatPlatform(image.platform),
  platforms: image.platforms.map(formatPlatform),
  created: image.config.created ?? null,
  config: {
    entrypoint: image.config.entrypoint,
    cmd: image.config.cmd,
    env: image.config.env,
    user: image.config.user,
    working_dir: image.config.workingDir,
    labels: image.config.labels,
    exposed_ports: image.config.exposedPorts
  },
  layers: image.layers.map(({ index, digest, mediaType, size, createdBy }) => ({
    index,
    digest,
    media_type: mediaType,
    size,
    ...(createdBy !== undefined && { created_by: createdBy })
  })),
  build_steps: image.config.buildSteps.map(({ createdBy, created, emptyLayer, layerIndex }) => ({
    created_by: createdBy,
    ...(created !== undefined && { created }),
    empty_layer: emptyLayer,
    ...(layerIndex !== undefined && { layer_index: layerIndex })
  })),
  size: image.size
})
