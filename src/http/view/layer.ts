import type { Descriptor } from "../../domain/registry/Descriptor.ts"

// RFC 6838 §4.2. A manifest may hold any text for a media type, and not every text can stand in a header.
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/iu

/** The layer's media type, if it is one. */
export const layerType = ({ mediaType }: Descriptor): string =>
  MEDIA_TYPE.test(mediaType) ? mediaType : "application/octet-stream"

const EXTENSIONS: ReadonlyArray<readonly [mediaType: RegExp, extension: string]> = [
  [/\btar[+.]gzip$/u, ".tar.gz"],
  [/\btar[+.]zstd$/u, ".tar.zst"],
  [/\btar$/u, ".tar"]
]

/** What to save a layer as: its digest, and the extension that goes with what it says it is. */
export const layerName = ({ digest, mediaType }: Descriptor): string =>
  digest.replace(":", "-") + (EXTENSIONS.find(([type]) => type.test(mediaType))?.[1] ?? "")
