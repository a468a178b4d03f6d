import type { FileError } from "../../domain/image/FileError.ts"
import type { LayerError, LayerLimitExceeded, LayerNotFound } from "../../domain/image/LayerError.ts"
import type { ReadingRoomFull } from "../../domain/image/ReadingRoom.ts"
import type { PlatformNotFound } from "../../domain/registry/Platform.ts"
import type { ImageReferenceInvalid } from "../../domain/registry/Reference.ts"
import type { RegistryError } from "../../domain/registry/RegistryError.ts"
import { internalError } from "../refuse.ts"
import { retryAfter } from "../retryAfter.ts"
import type { Rows } from "./Row.ts"

/** Everything that can be wrong with an image, or with the way to it. */
export type ImageError =
  | FileError
  | ImageReferenceInvalid
  | LayerError
  | LayerNotFound
  | PlatformNotFound
  | ReadingRoomFull
  | RegistryError

/** A path's bytes may be anything; a sentence holds text. */
const shown = (path: string): string => path.toWellFormed()

const units = { bytes: "bytes", entries: "entries", names: "characters of names", time: "milliseconds" }

/** What moves a limit, for whoever runs the service; what is not here is not to be moved. */
const settings = {
  layer: { bytes: "KEYHOLE_LAYER_MAX_BYTES", entries: "KEYHOLE_LAYER_MAX_ENTRIES", time: "KEYHOLE_LAYER_TIMEOUT" },
  image: { bytes: "KEYHOLE_IMAGE_MAX_BYTES", entries: "KEYHOLE_IMAGE_MAX_ENTRIES" }
} satisfies Record<LayerLimitExceeded["of"], Partial<Record<LayerLimitExceeded["limit"], `KEYHOLE_${string}`>>>

const moved = ({ of, limit }: LayerLimitExceeded): string => {
  const names: Partial<Record<typeof limit, string>> = settings[of]
  return names[limit] === undefined ? "" : ` (${names[limit]})`
}

export const imageProblems = {
  DecoderFull: {
    code: "overloaded",
    describe: ({ mebibytes, retryAfter: seconds }) => ({
      detail: `The layer's zstd window of ${mebibytes} MiB has no room beside those of other layers; try again in a moment`,
      members: {},
      headers: retryAfter(seconds)
    })
  },
  FileDeleted: {
    code: "file-deleted",
    describe: ({ path, layer }) => ({ detail: `${shown(path)} is deleted by layer ${layer}`, members: { layer } })
  },
  FileNotFound: {
    code: "file-not-found",
    describe: ({ path }) => ({ detail: `There is no ${shown(path)}`, members: {} })
  },
  ImageNotFound: {
    code: "image-not-found",
    describe: ({ image }) => ({ detail: `The registry has no image ${image}`, members: {} })
  },
  ImageReferenceInvalid: {
    code: "image-reference-invalid",
    describe: ({ reason }) => ({ detail: `Not an image reference: ${reason}`, members: {} })
  },
  LayerCorrupt: {
    code: "layer-corrupt",
    describe: ({ reason }) => ({ detail: `The layer is broken: ${reason}`, members: {} })
  },
  LayerLimitExceeded: {
    code: "layer-limit-exceeded",
    describe: (error) => ({
      detail: `The ${error.of} exceeds the limit of ${error.value} ${units[error.limit]}${moved(error)}`,
      members: { limit: error.limit, value: error.value }
    })
  },
  LayerNotFound: {
    code: "layer-not-found",
    describe: ({ layer }) => ({ detail: `The image has no layer ${layer}`, members: {} })
  },
  LayerUnsupported: {
    code: "layer-unsupported",
    describe: ({ reason }) => ({ detail: `The layer cannot be read: ${reason}`, members: {} })
  },
  LinkDangling: {
    code: "link-dangling",
    describe: ({ path, target, reason }) => ({
      detail: `${shown(path)} leads to ${shown(target)}, ${reason === "loop" ? "and so in a circle" : "which is not there"}`,
      members: {}
    })
  },
  ManifestInvalid: {
    code: "manifest-invalid",
    describe: ({ reason }) => ({ detail: `The registry's manifest is broken: ${reason}`, members: {} })
  },
  ManifestUnsupported: {
    code: "manifest-unsupported",
    describe: ({ mediaType }) => ({ detail: `A manifest of type ${mediaType} is not read here`, members: {} })
  },
  NotAFile: {
    code: "not-a-file",
    describe: ({ path, type }) => ({ detail: `${shown(path)} is of type ${type} and has no content`, members: {} })
  },
  PlatformNotFound: {
    code: "platform-not-found",
    describe: ({ platform, available }) => ({
      detail: `The image is not there for ${platform}, only for ${available.join(", ") || "none that is named"}`,
      members: { platforms: available }
    })
  },
  ReadingRoomFull: {
    code: "overloaded",
    describe: (error) => ({
      detail: "Too many images are being read (KEYHOLE_READINGS, KEYHOLE_READINGS_QUEUE); try again in a moment",
      members: {},
      headers: retryAfter(error.retryAfter)
    })
  },
  RegistryDenied: {
    code: "registry-denied",
    describe: ({ registry, repository }) => ({
      detail: `${registry} refuses ${repository}, or does not have it`,
      members: {}
    })
  },
  RegistryNotAllowed: {
    code: "registry-not-allowed",
    describe: ({ host, hop, reason }) => ({
      detail: `The host ${host} (${hop}) may not be reached: ${reason}`,
      members: { host, hop }
    })
  },
  RegistryRateLimited: {
    code: "registry-rate-limited",
    describe: (error) => ({
      detail: `${error.host} limits its clients; try again later`,
      members: {},
      headers: retryAfter(error.retryAfter ?? 60)
    })
  },
  /** The service used a session after its end: its own fault, and nobody else's business. */
  RegistrySessionClosed: {
    code: "internal-error",
    describe: () => ({ detail: internalError.detail, members: {} })
  },
  RegistryTimeout: {
    code: "registry-timeout",
    describe: ({ host }) => ({ detail: `${host} did not answer in time`, members: {} })
  },
  RegistryUnreachable: {
    code: "registry-unreachable",
    describe: ({ host, reason }) => ({ detail: `${host} cannot be reached: ${reason}`, members: {} })
  }
} as const satisfies Rows<ImageError>
