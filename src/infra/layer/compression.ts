import type { Transform } from "node:stream"
import { createGunzip, createZstdDecompress } from "node:zlib"
import { isZstdFrame } from "./zstdFrame.ts"

/** Node's default chunk of 16 KiB is three times slower. One chunk may be made while another waits to be read. */
const options = { chunkSize: 128 * 1024, readableHighWaterMark: 256 * 1024 } as const

export type Compression = "gzip" | "zstd" | "none" | { readonly unsupported: string }

const startsWith = (bytes: Uint8Array, ...magic: ReadonlyArray<number>): boolean =>
  bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte)

/** As many bytes as `detect` wants to see, if there are that many. */
export const MAGIC_LENGTH = 6

/** What a layer is compressed with, by its first bytes. None of these can begin a tar archive's header. */
export const detect = (bytes: Uint8Array): Compression => {
  if (startsWith(bytes, 0x1f, 0x8b)) return "gzip"
  if (isZstdFrame(bytes)) return "zstd"
  if (startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return { unsupported: "xz" }
  if (startsWith(bytes, 0x42, 0x5a, 0x68)) return { unsupported: "bzip2" }
  if (startsWith(bytes, 0x04, 0x22, 0x4d, 0x18)) return { unsupported: "lz4" }
  return "none"
}

/** One piece of decompression: it ends by itself, and `bytesWritten` then says how much of its input it used. */
export type Member = Transform & { readonly bytesWritten: number }

/** Reads gzip members until something other than a member follows. */
export const gunzip = (): Member => createGunzip(options)

/** Reads one zstd frame. */
export const zstd = (): Member => createZstdDecompress(options)
