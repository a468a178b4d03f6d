/** The byte at a place; what lies beyond the end is zero, as the padding of an archive is. */
export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0
