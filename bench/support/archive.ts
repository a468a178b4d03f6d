import { readFileSync } from "node:fs"
import { createGzip, createZstdCompress } from "node:zlib"
import { bytesOf, endMarker, header } from "../../test/domain/image/support/tarball.ts"

/** What a layer is made of: so many files, so many bytes of archive. */
export interface Shape {
  readonly entries: number
  readonly bytes: number
}

const BLOCK = 512

/** Numbers that look like chance and are the same in every run (Park and Miller). */
const chance = (): (() => number) => {
  let state = 20_261_121
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Programs, as most of an image is: Node's own, cut in pieces, at other places every time. */
const material = readFileSync(process.execPath)

const nameOf = (index: number): string =>
  `usr/lib/package-${Math.floor(index / 40)}/${index % 3 === 0 ? "lib/internal" : "dist"}/module-${index}.js`

/** Small files at both ends of every archive. */
export const FIRST = "etc/first"
export const LAST = "etc/last"

function* file(name: string, content: Uint8Array): Generator<Uint8Array> {
  yield header({ name, size: content.length, mtime: 1_700_000_000 })
  yield content
  yield new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK)
}

/** A tar archive of that shape, its files of very different sizes; piece by piece. */
function* archive({ entries, bytes }: Shape): Generator<Uint8Array> {
  const next = chance()
  const weights = Array.from({ length: entries - 2 }, () => next() ** 3)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const content = bytes - entries * BLOCK * 1.5
  yield* file(FIRST, material.subarray(0, 1000))
  for (const [index, weight] of weights.entries()) {
    const size = Math.floor((content * weight) / sum)
    const start = Math.floor(next() * Math.max(0, material.length - size))
    yield* file(nameOf(index), material.subarray(start, start + size))
  }
  yield* file(LAST, material.subarray(0, 1000))
  yield endMarker
}

const compressed = (shape: Shape, stream: NodeJS.ReadWriteStream): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    stream.on("data", (chunk: Buffer) => chunks.push(chunk))
    stream.on("end", () => resolve(Buffer.concat(chunks)))
    stream.on("error", reject)
    const pieces = archive(shape)
    // Not with `for … of`, which would end the generator when it is left.
    const pour = () => {
      for (let piece = pieces.next(); ; piece = pieces.next()) {
        if (piece.done === true) return void stream.end()
        if (piece.value.length > 0 && !stream.write(piece.value)) return void stream.once("drain", pour)
      }
    }
    pour()
  })

export const gzipped = (shape: Shape): Promise<Buffer> => compressed(shape, createGzip({ chunkSize: 256 * 1024 }))
export const zstandard = (shape: Shape): Promise<Buffer> =>
  compressed(shape, createZstdCompress({ chunkSize: 256 * 1024 }))

/**
 * The same archive under another digest, so that nothing remembered of one helps with the next. RFC 1952 §2.3: the time
 * in a gzip header says nothing about the content; RFC 8878 §3.1.2: neither does a skippable frame.
 */
export const variant = (layer: Uint8Array, number: number): Uint8Array => {
  if (layer[0] !== 0x1f) return Buffer.concat([layer, bytesOf("\x50\x2a\x4d\x18\x01\0\0\0"), Uint8Array.of(number)])
  const other = new Uint8Array(layer)
  other[4] = number
  return other
}
