/** What a layer may be compressed with that can be read. */
export type Codec = "gzip" | "zstd"

/** How a layer is decompressed: with what, and for Zstandard with how large a window at most, as a power of two. */
export interface Coding {
  readonly codec: Codec
  readonly windowLog: number
}

export type Compression = Codec | "none" | { readonly unsupported: string }

const startsWith = (bytes: Uint8Array, ...magic: ReadonlyArray<number>): boolean =>
  bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte)

/** Zstandard data begins with a frame or a skippable one (RFC 8878, sections 3.1.1 and 3.1.2). */
const isZstdFrame = (bytes: Uint8Array): boolean =>
  startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd) ||
  (((bytes[0] ?? 0) & 0xf0) === 0x50 && startsWith(bytes.subarray(1), 0x2a, 0x4d, 0x18))

/** What a layer is compressed with, by its first bytes. None of these can begin a tar archive's header. */
export const detect = (bytes: Uint8Array): Compression => {
  if (startsWith(bytes, 0x1f, 0x8b)) return "gzip"
  if (isZstdFrame(bytes)) return "zstd"
  if (startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return { unsupported: "xz" }
  // "BZh" alone may begin a file's name; the mark of the first block comes after the level.
  if (startsWith(bytes, 0x42, 0x5a, 0x68) && startsWith(bytes.subarray(4), 0x31, 0x41)) return { unsupported: "bzip2" }
  if (startsWith(bytes, 0x04, 0x22, 0x4d, 0x18)) return { unsupported: "lz4" }
  return "none"
}
