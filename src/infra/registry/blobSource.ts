import { Effect } from "effect"
import { LayerCorrupt } from "../../domain/image/LayerError.ts"
import { contentRange } from "../../domain/registry/contentRange.ts"
import type { Descriptor } from "../../domain/registry/Descriptor.ts"
import { allowLocation } from "../../domain/registry/egress.ts"
import { ImageNotFound } from "../../domain/registry/RegistryError.ts"
import { discard } from "./body.ts"
import type { Client } from "./Client.ts"
import { type Answer, ConnectionLost, type Request } from "./Exchange.ts"
import { refuseNotNow } from "./retry.ts"
import { refusal } from "./status.ts"

/** A blob's bytes on their way: those up to `start` have to be skipped, the next are at `start`, the body ends at `end`. */
export interface OpenBlob {
  readonly answer: Answer
  readonly skip: number
  readonly end: number
}

/** Where blobs were found after redirects, for the length of a session: a signed address in an object store, mostly. */
export type StorageAddresses = Map<string, URL>

// How a storage host says that its signed address is no longer good.
const STALE = new Set([400, 401, 403, 404, 410])

/** Makes sense of the answer to a request for everything from `offset` on. */
const understand = Effect.fnUntraced(function* (answer: Answer, descriptor: Descriptor, offset: number) {
  if (answer.status === 200) return { answer, skip: offset, end: descriptor.size }
  const part = contentRange(answer.header("content-range"), offset, descriptor.size)
  if (answer.status === 206 && part !== undefined) return { answer, skip: 0, end: part.end }
  const reason =
    answer.status === 206
      ? "the registry sent another part of it than the one asked for"
      : "it is shorter than it should be"
  return yield* new LayerCorrupt({ reason })
})

const isAnswer = (answer: Answer): boolean => [200, 206, 416].includes(answer.status)

/** Opens a blob from `offset` on. A blob is never asked for with HEAD: some registries count it, some refuse it. */
export const openBlob = Effect.fnUntraced(function* (
  client: Client,
  descriptor: Descriptor,
  offset: number,
  addresses: StorageAddresses
) {
  const { base, reference, settings } = client
  const { digest } = descriptor
  const at = (url: URL, hop: Request["hop"]): Request => ({
    method: "GET",
    url,
    hop,
    headers: offset === 0 ? {} : { Range: `bytes=${offset}-` }
  })

  const known = addresses.get(digest)
  if (known !== undefined) {
    const answer = yield* refuseNotNow(yield* client.sendBare(at(known, "redirect")))
    if (isAnswer(answer)) return yield* understand(answer, descriptor, offset)
    addresses.delete(digest)
    yield* discard(answer)
    if (!STALE.has(answer.status)) return yield* refusal(answer, reference)
  }

  const origin = new URL(`blobs/${digest}`, base)
  const answer = yield* refuseNotNow(yield* client.send(at(origin, "registry")))
  if (isAnswer(answer)) {
    if (answer.url.href !== origin.href) addresses.set(digest, answer.url)
    return yield* understand(answer, descriptor, offset)
  }
  const missing = new ImageNotFound({ image: `${reference.registry}/${reference.repository}@${digest}` })
  if (answer.status !== 404) return yield* refusal(answer, reference, missing.image)

  // A foreign layer lies where its descriptor says, for everybody; registries need not have it (OCI "urls").
  yield* discard(answer)
  for (const written of descriptor.urls ?? []) {
    const url = yield* Effect.fromResult(allowLocation(written, "layer-url", settings, base))
    const foreign = yield* refuseNotNow(yield* client.sendBare(at(url, "layer-url")))
    if (isAnswer(foreign)) return yield* understand(foreign, descriptor, offset)
    yield* discard(foreign)
  }
  return yield* missing
})

/** What a body that ends too early means: a part that was all that was promised can be continued, a whole cannot. */
export const endedEarly = (open: OpenBlob, descriptor: Descriptor, offset: number): ConnectionLost | LayerCorrupt =>
  open.end < descriptor.size && offset === open.end
    ? new ConnectionLost({ host: open.answer.url.host, reason: "it sends the layer in pieces" })
    : new LayerCorrupt({ reason: `it ends after ${offset} of ${descriptor.size} bytes` })
