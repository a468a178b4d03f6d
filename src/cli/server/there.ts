import { Effect, Stream } from "effect"
import type { Progress, Step, Summary, Wanted } from "../../client/client.ts"
import type { CarveRequest } from "../../domain/image/carve.ts"
import type { PeekRequest } from "../../domain/image/peek.ts"
import { printable } from "../../domain/image/lsLine.ts"
import { formatPlatform } from "../../domain/registry/Platform.ts"
import { format } from "../../domain/registry/Reference.ts"
import type { Cut } from "../Cut.ts"
import type { Look } from "../listing.ts"
import { asking, failure, signedIn } from "./connection.ts"
import { entryOf } from "./entryOf.ts"

const wanted = ({ reference, platform, layer, path }: PeekRequest): Wanted => ({
  image: format(reference),
  platform: platform && formatPlatform(platform),
  layer,
  path
})

/** Breaks off with the scope what a server is still sending, and with that what it does for us. */
const abortable = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => new AbortController()),
    (controller) => Effect.sync(() => controller.abort())
  ),
  ({ signal }) => signal
)

/** Has a server look into an image. */
export const lookThere = Effect.fnUntraced(function* (server: string, request: PeekRequest) {
  const client = yield* signedIn(server)
  const signal = yield* abortable
  const news = new Map<number, Progress>()
  let summary: Summary | undefined
  const take = (step: Step) => {
    for (const each of step.progress) news.set(each.layer, each)
    summary = step.summary ?? summary
    return step.entries.map(entryOf)
  }
  const entries = Stream.fromAsyncIterable(client.peek(wanted(request), { signal }), failure(server)).pipe(
    Stream.map(take),
    Stream.flattenIterable
  )
  const progress = Effect.sync(() => {
    const [next] = news.values()
    if (next !== undefined) news.delete(next.layer)
    return next
  })
  return { entries, progress, summary: Effect.sync(() => summary ?? {}) } satisfies Look<unknown, unknown>
})

/** Has a server cut a file out of an image. */
export const cutThere = Effect.fnUntraced(function* (server: string, request: CarveRequest) {
  const client = yield* signedIn(server)
  const signal = yield* abortable
  const { bytes, path, layer, size } = yield* asking(server, () => client.carve(wanted(request), { signal }))
  const content = Stream.fromReadableStream({ evaluate: () => bytes, onError: failure(server) })
  return { path, layer: printable(layer).slice(0, "sha256:".length + 12), size, content } satisfies Cut<unknown>
})
