import { Effect, Semaphore } from "effect"
import { LayerCorrupt } from "../../domain/image/LayerError.ts"
import { type BytePart, contentRange } from "../../domain/registry/contentRange.ts"
import type { Descriptor } from "../../domain/registry/Descriptor.ts"
import { allowLocation } from "../../domain/registry/egress.ts"
import { repositoryOf } from "../../domain/registry/Reference.ts"
import { ImageNotFound } from "../../domain/registry/RegistryError.ts"
import { discard } from "./body.ts"
import type { Client } from "./Client.ts"
import { type Answer, ConnectionLost, type Request } from "./Exchange.ts"
import { refuseNotNow } from "./retry.ts"
import { refusal } from "./status.ts"
import type { StorageAddresses } from "./storageAddresses.ts"

/** A part of a blob on its way: those up to `start` have to be skipped, the next are at `start`, the body ends at `end`. */
export interface OpenBlob extends BytePart {
  readonly answer: Answer
  readonly skip: number
  readonly asked: BytePart
}

// How a storage host says that its signed address is no longer good.
const STALE = new Set([400, 401, 403, 404, 410])

/** Makes sense of the answer to a request for a part. */
const understand = Effect.fnUntraced(function* (answer: Answer, { size }: Descriptor, asked: BytePart) {
  const { start } = asked
  // RFC 9110 §14.2: a server may ignore a range. Everything comes then, and it is for the reader to stop.
  if (answer.status === 200) return { answer, asked, skip: start, start, end: size } satisfies OpenBlob
  const part = contentRange(answer.header("content-range"), asked, size)
  if (answer.status === 206 && part !== undefined) return { answer, asked, skip: 0, ...part } satisfies OpenBlob
  const reason =
    answer.status === 206
      ? "the registry sent another part of it than the one asked for"
      : "it is shorter than it should be"
  return yield* new LayerCorrupt({ reason })
})

const isAnswer = (answer: Answer): boolean => [200, 206, 416].includes(answer.status)

const range = ({ start, end }: BytePart, size: number): Request["headers"] => {
  if (end < size) return { Range: `bytes=${start}-${end - 1}` }
  return start === 0 ? {} : { Range: `bytes=${start}-` }
}

/** Opens a part of a blob. A blob is never asked for with HEAD: some registries count it, some refuse it. */
export const openBlob = Effect.fnUntraced(function* (
  client: Client,
  descriptor: Descriptor,
  part: BytePart,
  addresses: StorageAddresses
) {
  const { base, reference, settings } = client
  const { digest, size } = descriptor
  const address = addresses.of(digest)
  const at = (url: URL, hop: Request["hop"]): Request => ({ method: "GET", url, hop, headers: range(part, size) })

  /** At the address that was found before; undefined when that is not good any more. */
  const atStorage = Effect.fnUntraced(function* (url: URL) {
    const answer = yield* refuseNotNow(yield* client.sendBare(at(url, "redirect")))
    if (isAnswer(answer)) return yield* understand(answer, descriptor, part)
    yield* discard(answer)
    if (!STALE.has(answer.status)) return yield* refusal(answer, reference)
    if (address.url === url) address.url = undefined
    return undefined
  })

  const atRegistry = Effect.gen(function* () {
    const origin = new URL(`blobs/${digest}`, base)
    const answer = yield* refuseNotNow(yield* client.send(at(origin, "registry")))
    if (isAnswer(answer)) {
      if (answer.url.href !== origin.href) address.url = answer.url
      return yield* understand(answer, descriptor, part)
    }
    const missing = new ImageNotFound({ image: `${repositoryOf(reference)}@${digest}` })
    if (answer.status !== 404) return yield* refusal(answer, reference, missing.image)

    // A foreign layer lies where its descriptor says, for everybody; registries need not have it (OCI "urls").
    yield* discard(answer)
    for (const written of descriptor.urls ?? []) {
      const url = yield* Effect.fromResult(allowLocation(written, "layer-url", settings, base))
      const foreign = yield* refuseNotNow(yield* client.sendBare(at(url, "layer-url")))
      if (isAnswer(foreign)) return yield* understand(foreign, descriptor, part)
      yield* discard(foreign)
    }
    return yield* missing
  })

  const known = address.url
  const found = known === undefined ? undefined : yield* atStorage(known)
  if (found !== undefined) return found
  return yield* Effect.gen(function* () {
    // Who waited here finds the address that the one before has found.
    const fresh = address.url === undefined ? undefined : yield* atStorage(address.url)
    return fresh ?? (yield* atRegistry)
  }).pipe(Semaphore.withPermit(address.search))
})

/** What a body that ends too early means: a part that was all that was promised can be continued, a whole cannot. */
export const endedEarly = (open: OpenBlob, descriptor: Descriptor, offset: number): ConnectionLost | LayerCorrupt =>
  open.end < descriptor.size && offset === open.end
    ? new ConnectionLost({ host: open.answer.url.host, reason: "it sends the layer in pieces" })
    : new LayerCorrupt({ reason: `it ends after ${offset} of ${descriptor.size} bytes` })
