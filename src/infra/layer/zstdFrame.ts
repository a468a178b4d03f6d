const DICTIONARY_ID = [0, 1, 2, 4] as const
const CONTENT_SIZE = [0, 2, 4, 8] as const
const RLE = 1
const RESERVED = 3

const startsWith = (bytes: Uint8Array, ...magic: ReadonlyArray<number>): boolean =>
  bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte)

/** RFC 8878, section 3.1.2. */
export const isSkippable = (bytes: Uint8Array): boolean =>
  ((bytes[0] ?? 0) & 0xf0) === 0x50 && startsWith(bytes.subarray(1), 0x2a, 0x4d, 0x18)

/** Zstandard data begins with a frame or a skippable one (RFC 8878, sections 3.1.1 and 3.1.2). */
export const isZstdFrame = (bytes: Uint8Array): boolean =>
  startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd) || isSkippable(bytes)

/** A block holds 128 KiB at most (RFC 8878, section 3.1.1.2.4), so this many are done at once without anybody noticing. */
const FEW_BLOCKS = 2

/** Where the frame at the beginning ends, if all of it is there and it has only a few blocks. */
export const smallFrameEnd = (bytes: Uint8Array): number | undefined => {
  const descriptor = bytes[4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const contentSize = descriptor >> 6 === 0 && isSingle ? 1 : (CONTENT_SIZE[descriptor >> 6] ?? 0)
  let at = 5 + (isSingle ? 0 : 1) + (DICTIONARY_ID[descriptor & 3] ?? 0) + contentSize
  for (let blocks = 0; blocks < FEW_BLOCKS; blocks++) {
    if (at + 3 > bytes.length) return undefined
    const header = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    const type = (header >> 1) & 3
    if (type === RESERVED) return undefined
    at += 3 + (type === RLE ? 1 : header >> 3)
    if ((header & 1) === 0) continue
    const end = at + ((descriptor & 0x04) === 0 ? 0 : 4)
    return end <= bytes.length ? end : undefined
  }
  return undefined
}
