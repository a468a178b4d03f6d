import { Effect } from "effect"
import { LayerCorrupt, type LayerError, LayerUnsupported } from "../../domain/image/LayerError.ts"
import type { Member } from "./compression.ts"

/** What a native decompressor complained of. */
export const toError = (cause: NodeJS.ErrnoException): LayerError =>
  cause.code === "ZSTD_error_frameParameter_windowTooLarge"
    ? new LayerUnsupported({ reason: "the zstd window is larger than 128 MiB" })
    : new LayerCorrupt({ reason: `the compressed data is broken: ${cause.message}` })

/** A native decompressor under way: bytes go in one chunk at a time and come out as they are asked for. */
export class Running {
  readonly #native: Member
  #wake: () => void = () => {}
  #fed = 0
  #chunk: Uint8Array = new Uint8Array(0)
  #writing = false
  #ended = false
  #error: NodeJS.ErrnoException | undefined

  constructor(native: Member) {
    this.#native = native
    const wake = () => this.#wake()
    native.on("readable", wake)
    native.on("end", () => {
      this.#ended = true
      wake()
    })
    native.on("error", (error) => {
      this.#error = error
      wake()
    })
  }

  write(chunk: Uint8Array): void {
    this.#fed += chunk.length
    this.#chunk = chunk
    this.#writing = true
    this.#native.write(chunk, () => {
      this.#writing = false
      this.#wake()
    })
  }

  end(): void {
    this.#writing = true
    this.#native.end()
  }

  /** Output; or "hungry" for input; or "ended" after the member's last byte. */
  readonly next: Effect.Effect<Uint8Array | "hungry" | "ended", LayerError> = Effect.callback((resume) => {
    const look = () => {
      const output: Uint8Array | null = this.#error === undefined && !this.#ended ? this.#native.read() : null
      if (output !== null) settle(Effect.succeed(output))
      else if (this.#error !== undefined) settle(Effect.fail(toError(this.#error)))
      else if (this.#ended) settle(Effect.succeed("ended"))
      else if (!this.#writing) settle(Effect.succeed("hungry"))
    }
    const settle = (effect: Effect.Effect<Uint8Array | "hungry" | "ended", LayerError>) => {
      this.#wake = () => {}
      resume(effect)
    }
    this.#wake = look
    look()
  })

  /** Input that the member did not use. */
  get rest(): Uint8Array {
    return this.#chunk.subarray(this.#chunk.length - (this.#fed - this.#native.bytesWritten))
  }

  destroy(): void {
    this.#wake = () => {}
    this.#native.destroy()
  }
}
