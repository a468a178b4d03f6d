import { Effect } from "effect"
import { image } from "../../test/support/registry/layout.ts"
import { registryTools } from "../../test/support/registry/command.ts"
import { realRegistry } from "../../test/support/registry/real.ts"
import { gzipped, type Shape, variant, zstandard } from "./archive.ts"

export interface PushedLayer {
  /** The image it is the only layer of, as people write it. */
  readonly image: string
  readonly blob: string
  readonly compression: "gzip" | "zstd"
}

/** A layer under several digests: one to warm up with, the others to measure. */
export interface Layers {
  readonly what: string
  readonly variants: readonly [PushedLayer, ...ReadonlyArray<PushedLayer>]
}

/** What is listed and carved, in a registry of its own. */
export interface Images {
  readonly host: string
  readonly large: Layers
  readonly many: Layers
  readonly zstd: Layers
  /** The large layer again, each under a digest that nobody has met. */
  readonly fresh: ReadonlyArray<PushedLayer>
}

/** Listings at once that somebody else's read has to bear. */
const NEIGHBOURS = 10

const LARGE: Shape = { entries: 1611, bytes: 690e6 }
const MANY: Shape = { entries: 80_000, bytes: 158e6 }

const smaller = ({ entries, bytes }: Shape, isQuick: boolean): Shape =>
  isQuick ? { entries: Math.floor(entries / 4), bytes: bytes / 4 } : { entries, bytes }

const describe = ({ entries, bytes }: Shape, compression: string): string =>
  `${Math.round(bytes / 1e6)} MB in ${entries.toLocaleString("en")} entries, ${compression}`

export const pushImages = Effect.fnUntraced(function* (times: number, isQuick: boolean) {
  yield* registryTools
  const registry = yield* realRegistry()
  const large = smaller(LARGE, isQuick)
  const many = smaller(MANY, isQuick)

  const push = Effect.fnUntraced(function* (
    shape: Shape,
    compression: "gzip" | "zstd",
    make: (shape: Shape) => Promise<Uint8Array>,
    more = 0
  ) {
    const layer = yield* Effect.promise(() => make(shape))
    const one = Effect.fnUntraced(function* (number: number) {
      const pushed = image([variant(layer, number)])
      const name = `bench/${compression}-${shape.entries}-${number}`
      yield* registry.pushImage(pushed, `${name}:1`)
      return {
        image: `${registry.host}/${name}:1`,
        blob: `http://${registry.host}/v2/${name}/blobs/${pushed.layers[0]?.digest}`,
        compression
      } satisfies PushedLayer
    })
    const layers: Layers = {
      what: describe(shape, compression),
      variants: [
        yield* one(0),
        ...(yield* Effect.forEach(
          Array.from({ length: times + more }, (_, at) => at + 1),
          one
        ))
      ]
    }
    return layers
  })

  const all = yield* push(large, "gzip", gzipped, NEIGHBOURS)
  const [warmUp, ...others] = all.variants
  const images: Images = {
    host: registry.host,
    large: { ...all, variants: [warmUp, ...others.slice(0, times)] },
    fresh: others.slice(times),
    many: yield* push(many, "gzip", gzipped),
    zstd: yield* push(large, "zstd", zstandard)
  }
  return images
})
