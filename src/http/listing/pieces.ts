import { Stream } from "effect"

const AT_ONCE = 512
const encoder = new TextEncoder()

const joined = function* (texts: Iterable<string>): Generator<Uint8Array> {
  let piece = ""
  let count = 0
  for (const text of texts) {
    piece += text
    if (++count % AT_ONCE > 0) continue
    yield encoder.encode(piece)
    piece = ""
  }
  if (piece !== "") yield encoder.encode(piece)
}

/** Many texts as a few pieces of bytes, each made when the one before it has gone. */
export const pieces = (texts: Iterable<string>): Stream.Stream<Uint8Array> =>
  Stream.suspend(() => Stream.fromIterable(joined(texts), { chunkSize: 1 }))
