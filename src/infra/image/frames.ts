import { promisify } from "node:util"
import { zstdCompress, zstdDecompress } from "node:zlib"
import { Effect, Stream } from "effect"
import type { Entry } from "../../domain/image/Entry.ts"
import { turn } from "../eventLoop/turns.ts"

/**
 * A listing as it is kept: frames of zstd, each after its length in four bytes, each a JSON array of some entries. A frame
 * is (de)compressed by the thread pool and parsed in one go, so it bounds what is in memory and how long nothing else runs.
 */
const FRAME_LENGTH = 128 * 1024
const PREFIX = 4

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** The layer's index is the image's business; its listing is the same in all of them. */
const written = (entry: Entry): string => JSON.stringify({ ...entry, layer: undefined })

/** A frame of any bytes. */
export const frameOf = (bytes: Uint8Array | string): Effect.Effect<Uint8Array> =>
  Effect.promise(async () => {
    const compressed = await compress(bytes)
    const frame = Buffer.allocUnsafe(PREFIX + compressed.length)
    frame.writeUInt32BE(compressed.length)
    compressed.copy(frame, PREFIX)
    return frame
  })

/** The bytes of one frame after another. */
export const framesIn = (content: Uint8Array): Stream.Stream<Buffer> =>
  Stream.unfold(Buffer.from(content.buffer, content.byteOffset, content.byteLength), (rest) => {
    if (rest.length === 0) return Effect.undefined
    const end = PREFIX + rest.readUInt32BE()
    return Effect.map(
      Effect.promise(() => decompress(rest.subarray(PREFIX, end))),
      (bytes) => [bytes, rest.subarray(end)] as const
    )
  })

/** The entries of a listing that was kept. */
export const entriesIn = (content: Uint8Array, layer: number): Stream.Stream<Entry> =>
  Stream.mapArrayEffect(framesIn(content), ([frame]) =>
    Effect.map(turn, () => {
      const entries: [Entry, ...Array<Entry>] = JSON.parse(frame.toString())
      for (const entry of entries) Object.assign(entry, { layer })
      return entries
    })
  )

/** Puts entries into frames as they come. */
export class FrameWriter {
  readonly #frames: Array<Uint8Array> = []
  readonly #most: number
  #waiting: Array<string> = []
  #length = 0
  #size = 0

  /** What takes more than `most` bytes is given up. */
  constructor(most: number) {
    this.#most = most
  }

  readonly add = (entries: ReadonlyArray<Entry>): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (this.#size > this.#most) return Effect.void
      for (const entry of entries) {
        const text = written(entry)
        this.#waiting.push(text)
        this.#length += text.length
      }
      return this.#length < FRAME_LENGTH ? Effect.void : this.#flush
    })

  /** All that was added; undefined when it was too much. */
  readonly end: Effect.Effect<Uint8Array | undefined> = Effect.suspend(() =>
    Effect.map(this.#waiting.length === 0 ? Effect.void : this.#flush, () =>
      this.#size > this.#most ? undefined : Buffer.concat(this.#frames)
    )
  )

  readonly #flush = Effect.suspend(() => {
    const text = `[${this.#waiting.join(",")}]`
    this.#waiting = []
    this.#length = 0
    return Effect.map(frameOf(text), (frame) => {
      this.#size += frame.length
      if (this.#size <= this.#most) this.#frames.push(frame)
      else this.#frames.length = 0
    })
  })
}
