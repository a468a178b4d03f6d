import { secondsUntilRoom } from "../../domain/secondsUntilRoom.ts"

/** What every decoder should have room for and no encoder go beyond: 8 MiB (RFC 8878, section 3.1.1.1.2), as a power of two. */
export const USUAL = 23
/** As much as Zstandard's own tools take unless they are told to take more: 128 MiB, as a power of two. */
export const LONGEST = 27

const MAGIC = 0xfd2fb528
const SINGLE_SEGMENT = 0x20
const DICTIONARY_ID = [0, 1, 2, 4]

/** As many bytes as a frame's header takes, its magic number included. */
export const HEADER_LENGTH = 18

/** How many bytes of its output a decompressor has to keep for a frame (RFC 8878, section 3.1.1.1). */
const windowSize = (header: DataView): number => {
  const descriptor = header.getUint8(4)
  if ((descriptor & SINGLE_SEGMENT) === 0) {
    const window = header.getUint8(5)
    return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8)
  }
  const at = 5 + (DICTIONARY_ID[descriptor & 3] ?? 0)
  switch (descriptor >> 6) {
    case 0:
      return header.getUint8(at)
    case 1:
      return header.getUint16(at, true) + 256
    case 2:
      return header.getUint32(at, true)
    default:
      return Number(header.getBigUint64(at, true))
  }
}

/** The window that data beginning like this needs, as a power of two. Where that is not to be seen it is the usual one. */
export const windowLog = (beginning: Uint8Array): number => {
  if (beginning.length < HEADER_LENGTH) return USUAL
  const header = new DataView(beginning.buffer, beginning.byteOffset, HEADER_LENGTH)
  return header.getUint32(0, true) === MAGIC ? Math.max(USUAL, Math.ceil(Math.log2(windowSize(header)))) : USUAL
}

/** What windows beyond the usual may take together: of the three layers of an image that are read at once, the longest. */
const ROOM = 3 * 2 ** LONGEST

/** The room for windows beyond the usual, of which little is enough to ask for much. */
export class LongWindows {
  #taken = 0
  #lastMillis = 0

  /** Takes room for a window; what is returned gives it back, and is told for how long it was taken. Undefined when there is none. */
  take(log: number): ((millis: number) => void) | undefined {
    const bytes = log > USUAL ? 2 ** log : 0
    if (this.#taken + bytes > ROOM) return undefined
    this.#taken += bytes
    return (millis) => {
      this.#taken -= bytes
      if (bytes > 0) this.#lastMillis = millis
    }
  }

  /** In how many seconds there should be room again. */
  get retryAfter(): number {
    return secondsUntilRoom(1, 1, this.#lastMillis)
  }
}
