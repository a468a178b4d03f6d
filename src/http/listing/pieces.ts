import { Stream } from "effect"

const encoder = new TextEncoder()

/** Texts between a first and a last one as pieces of bytes, each made when the one before it has gone. */
export const pieces = (
  first: string,
  texts: Stream.Stream<ReadonlyArray<string>>,
  last: string
): Stream.Stream<Uint8Array> =>
  Stream.make([first]).pipe(
    Stream.concat(texts),
    Stream.concat(Stream.make([last])),
    Stream.rechunk(1),
    Stream.map((some) => encoder.encode(some.join(""))),
    Stream.filter((piece) => piece.length > 0)
  )
