import type { Stream } from "effect"

/** A file that is being cut out of an image. */
export interface Cut<E> {
  /** After links. */
  readonly path: string
  /** Its index, or as much of its digest as tells it from others. */
  readonly layer: string
  readonly size: number
  readonly content: Stream.Stream<Uint8Array, E>
}
