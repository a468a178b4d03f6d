import type { BytePart } from "./contentRange.ts"

/**
 * How far a blob is likely to be read. "whole": to its end. "sparing": perhaps only a little of it, so what may be on its way
 * in vain has to be in proportion to what was read.
 */
export type Reading = "whole" | "sparing"

const FIRST = 64 * 1024
/** From here on everything: an open stream has some 4 MB under way, which is no more than the next part would be. */
const REST_FROM = 1024 * 1024

/** The part of a blob to ask for after its first `start` bytes. */
export const nextPart = (start: number, size: number, reading: Reading): BytePart => {
  const end = reading === "whole" || start >= REST_FROM ? size : 4 * start + FIRST
  // A rest that is shorter than the shortest part is not worth another round trip.
  return { start, end: end + FIRST < size ? end : size }
}
