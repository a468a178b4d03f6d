import { MessageChannel, type MessagePort } from "node:worker_threads"
import { Cause, Effect } from "effect"
import { LayerCorrupt, type LayerError, LayerUnsupported } from "../../domain/image/LayerError.ts"
import type { Coding } from "./compression.ts"
import type { InflateThreads } from "./InflateThreads.ts"
import type { News, Order } from "./messages.ts"

/** Of either kind of buffer. Small enough for a processor's cache, large enough that handing it over is not what takes time. */
const BUFFER_LENGTH = 256 * 1024
/** One is being read or written while another is on its way. */
const BUFFERS = 2

const toError = ({ message, code }: { readonly message: string; readonly code: string }): LayerError =>
  code === "ZSTD_error_frameParameter_windowTooLarge"
    ? new LayerUnsupported({ reason: "the zstd window is larger than 128 MiB, or than the first frame says" })
    : new LayerCorrupt({ reason: `the compressed data is broken: ${message}` })

const nobody = (): void => {}

/** This end of a decompression that another thread does. Its buffers go to and fro, so that it takes no more than these. */
export class Inflater {
  readonly #port: MessagePort
  readonly #leave: () => void
  readonly #inputs: Array<ArrayBuffer> = []
  readonly #outputs: Array<{ readonly buffer: ArrayBuffer; readonly length: number }> = []
  #shown: ArrayBuffer | undefined
  #made = 0
  #last: Effect.Effect<never, LayerError | Cause.Done> | undefined
  #wakeWriter = nobody
  #wakeReader = nobody
  #wakeFeeder = nobody

  constructor(threads: InflateThreads, coding: Coding) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on("message", (news: News) => this.#hear(news))
    this.#leave = threads.run(coding, port2, (cause) => {
      this.#last = Effect.die(cause)
      this.#wakeReader()
    })
    for (let buffer = 0; buffer < BUFFERS; buffer++) this.#giveRoom(new ArrayBuffer(BUFFER_LENGTH))
  }

  #hear(news: News): void {
    if (news._tag === "Taken") {
      this.#inputs.push(news.buffer)
      this.#wakeWriter()
      return this.#wakeFeeder()
    }
    if (news._tag === "Output") this.#outputs.push(news)
    else this.#last = news._tag === "Ended" ? Cause.done() : Effect.fail(toError(news))
    this.#wakeReader()
  }

  #order(order: Order): void {
    this.#port.postMessage(order, "buffer" in order ? [order.buffer] : [])
  }

  #giveRoom(buffer: ArrayBuffer): void {
    this.#order({ _tag: "Room", buffer })
  }

  #emptyBuffer(): ArrayBuffer | undefined {
    const buffer = this.#inputs.pop()
    if (buffer !== undefined || this.#made === BUFFERS) return buffer
    this.#made++
    return new ArrayBuffer(BUFFER_LENGTH)
  }

  /** A buffer to put input into; it is waited for while all are on their way. */
  readonly empty: Effect.Effect<ArrayBuffer> = Effect.callback((resume) => {
    this.#wakeWriter = () => {
      const buffer = this.#emptyBuffer()
      if (buffer === undefined) return
      this.#wakeWriter = nobody
      resume(Effect.succeed(buffer))
    }
    this.#wakeWriter()
  })

  /** Waits until nothing but more input can help whoever reads. */
  readonly hungry: Effect.Effect<void> = Effect.callback((resume) => {
    this.#wakeFeeder = () => {
      if (this.#wakeReader === nobody || this.#inputs.length < this.#made) return
      this.#wakeFeeder = nobody
      resume(Effect.void)
    }
    this.#wakeFeeder()
  })

  send(buffer: ArrayBuffer, length: number): void {
    this.#order({ _tag: "Input", buffer, length })
  }

  /** There is no more input; unless this was all of it, the output is not asked to be whole either. */
  end(isWhole: boolean): void {
    this.#order({ _tag: "End", isWhole })
  }

  /** The next output, good until the one after it is asked for. */
  readonly next: Effect.Effect<Uint8Array, LayerError | Cause.Done> = Effect.callback((resume) => {
    if (this.#shown !== undefined) this.#giveRoom(this.#shown)
    this.#shown = undefined
    this.#wakeReader = () => {
      const output = this.#outputs.shift()
      const result = output === undefined ? this.#last : Effect.succeed(new Uint8Array(output.buffer, 0, output.length))
      if (result === undefined) return
      this.#shown = output?.buffer
      this.#wakeReader = nobody
      resume(result)
    }
    this.#wakeReader()
    this.#wakeFeeder()
  })

  close(): void {
    this.#wakeWriter = nobody
    this.#wakeReader = nobody
    this.#wakeFeeder = nobody
    this.#leave()
    this.#port.close()
  }
}
