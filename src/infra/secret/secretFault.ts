const MIN_BYTES = 32
// Random text of that length has twice as many; a word repeated, or one key held down, has fewer.
const MIN_DISTINCT = 8

/** Why a master secret is too weak, as the end of a sentence; undefined when it will do. */
export const secretFault = (secret: string): string | undefined => {
  if (Buffer.byteLength(secret) < MIN_BYTES) return `has fewer than ${MIN_BYTES} bytes`
  return new Set(secret).size < MIN_DISTINCT ? "repeats a few characters" : undefined
}
