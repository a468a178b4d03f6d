import type { History, Manifest, SearchResults, Tags } from "./documents.ts"
import { type Step, stepsOf } from "./peek.ts"
import { Unreachable } from "./Problem.ts"
import { type Call, documentOf, type Signed, urlOf } from "./wire.ts"

export interface Wanted {
  readonly image: string
  readonly platform?: string | undefined
  /** An index from the bottom, or a digest. */
  readonly layer?: string | number | undefined
  readonly path?: string | undefined
  /** In place of `path`, for a name that is not UTF-8. */
  readonly path_base64?: string | undefined
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** A file out of an image. Its bytes come as fast as they are read; cancelling the stream ends the operation. */
export interface Carved {
  readonly bytes: ReadableStream<Uint8Array>
  readonly size: number
  readonly type: string
  /** The digest of the layer that has it. */
  readonly layer: string
  /** Where it lies, after links. */
  readonly path: string
}

const NDJSON = { accept: "application/x-ndjson" }

const fileCall = (wanted: Wanted): Call => ({ path: "/images/file", query: { ...wanted } })
const layerCall = (wanted: Wanted): Call => ({ path: "/images/layer", query: { ...wanted } })

const bodyOf = ({ body }: Response): ReadableStream<Uint8Array> => {
  if (body === null) throw new Unreachable("The answer has no content")
  return body
}

/** What a signed-in client does with images. */
export const images = (base: string, send: Signed) => ({
  tags: (query: { readonly image: string; readonly limit?: number; readonly last?: string }): Promise<Tags> =>
    documentOf(send({ path: "/images/tags", query })),
  manifest: ({ image, platform }: Wanted, options: CallOptions = {}): Promise<Manifest> =>
    documentOf(send({ path: "/images/manifest", query: { image, platform }, ...options })),
  /** Lists the files of an image, or of one layer, as they are read. A path may come twice: the later entry counts. */
  peek: async function* (
    wanted: Wanted & { readonly partial?: boolean },
    options: CallOptions = {}
  ): AsyncGenerator<Step> {
    const query = { ...wanted, progress: true }
    yield* stepsOf(bodyOf(await send({ path: "/images/files", query, headers: NDJSON, ...options })))
  },
  carve: async (wanted: Wanted, options: CallOptions = {}): Promise<Carved> => {
    const response = await send({ ...fileCall(wanted), ...options })
    const header = (name: string) => response.headers.get(name) ?? ""
    return {
      bytes: bodyOf(response),
      size: Number(header("content-length")),
      type: header("content-type"),
      layer: header("keyhole-layer"),
      path: decodeURIComponent(header("keyhole-path"))
    }
  },
  /** Where a browser with a cookie session saves a file from. */
  fileUrl: (wanted: Wanted): string => urlOf(base, fileCall(wanted)),
  /** Where a browser with a cookie session saves a layer from. */
  layerUrl: (wanted: Wanted): string => urlOf(base, layerCall(wanted)),
  history: (
    query: { readonly query?: string; readonly limit?: number; readonly before?: string } = {}
  ): Promise<History> => documentOf(send({ path: "/images/history", query })),
  search: (query: {
    readonly query: string
    readonly image?: string
    readonly limit?: number
    readonly after?: string
  }): Promise<SearchResults> => documentOf(send({ path: "/images/search", query }))
})
