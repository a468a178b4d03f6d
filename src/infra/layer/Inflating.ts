import { constants, createGunzip, createZstdDecompress } from "node:zlib"
import type { Codec, Coding } from "./compression.ts"

/** What is under Node's streams: it works at once, on the thread that asks, into a buffer of the caller's. */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number
  ): void
}

interface Native {
  readonly _handle: Handle
  /** After a write: the room that is left in the output, and what is left of the input. */
  readonly _writeState: Uint32Array
  destroy(): void
}

const isNative = (stream: object): stream is Native =>
  "_handle" in stream &&
  typeof stream._handle === "object" &&
  stream._handle !== null &&
  "writeSync" in stream._handle &&
  "_writeState" in stream &&
  stream._writeState instanceof Uint32Array

const open = ({ codec, windowLog }: Coding): Native => {
  const params = { [constants.ZSTD_d_windowLogMax]: windowLog }
  const stream: object = codec === "gzip" ? createGunzip() : createZstdDecompress({ params })
  if (isNative(stream)) return stream
  throw new Error(`zlib of Node ${process.versions.node} is not the one that is known here: see docs/adr/0028`)
}

const FINISH = { gzip: constants.Z_FINISH, zstd: constants.ZSTD_e_end }
const NOTHING = new Uint8Array(0)

/** Compressed data that is broken, in zlib's words. */
export class Broken extends Error {
  readonly code: string

  constructor(message: string, code = "") {
    super(message)
    this.code = code
  }
}

/** What a call came to: the output is full, the input used up, or the data at its end. */
export type Outcome = "full" | "hungry" | "ended"

/**
 * Takes the compression off, member after member, frame after frame, to the end of the input. It does so on the thread that
 * calls, and makes no buffer of its own.
 */
export class Inflating {
  readonly #codec: Codec
  readonly #native: Native
  #input: Uint8Array = NOTHING
  #hasEnded = false
  /** After gzip's last member there may be zeros. */
  #isPadding = false
  #error: Broken | undefined
  /** Where the output that was last asked for ends. */
  written = 0

  constructor(coding: Coding) {
    this.#codec = coding.codec
    this.#native = open(coding)
    const onerror: Handle["onerror"] = (message, _errno, code) => {
      this.#error = new Broken(message, code)
    }
    Object.assign(this.#native._handle, { onerror })
  }

  /** Gives it the next input, when it is hungry. */
  push(input: Uint8Array): void {
    this.#input = input
  }

  end(): void {
    this.#hasEnded = true
  }

  /** Writes output from `at` on, as much as there is or as there is room for; `written` is where that ends. */
  write(output: Uint8Array, at: number): Outcome {
    this.written = at
    for (;;) {
      if (this.#isPadding) this.#skipZeros()
      const isLast = this.#input.length === 0
      if (isLast && !this.#hasEnded) return "hungry"
      if (isLast && this.#isPadding) return "ended"
      this.#advance(output, isLast ? FINISH[this.#codec] : 0)
      if (this.written === output.length) return "full"
      if (isLast) return "ended"
    }
  }

  #advance(output: Uint8Array, flush: number): void {
    const { _handle, _writeState } = this.#native
    const [given, room] = [this.#input.length, output.length - this.written]
    _handle.writeSync(flush, this.#input, 0, given, output, this.written, room)
    if (this.#error !== undefined) throw this.#error
    const [roomLeft = 0, left = 0] = _writeState
    this.written += room - roomLeft
    // What is used up may be handed on: nothing here points at it any more.
    this.#input = left === 0 ? NOTHING : this.#input.subarray(given - left)
    if (roomLeft === 0 || left === 0) return
    // With room for more it leaves only what is not its own. A frame of zstd's may follow another; gzip's next member
    // would have been read as well.
    if (this.#codec === "gzip") this.#isPadding = true
    else if (left === given) throw new Broken("something follows the compressed data")
  }

  #skipZeros(): void {
    if (this.#input.some((byte) => byte !== 0)) throw new Broken("something follows the compressed data")
    this.#input = NOTHING
  }

  close(): void {
    this.#native.destroy()
  }
}
