import { Cause, Effect, Exit, Ref, Stream } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import type { Digest } from "../registry/Digest.ts"
import { formatPlatform, type Platform } from "../registry/Platform.ts"
import { withOwnCredentials } from "../registry/ownCredentials.ts"
import { format, type Reference } from "../registry/Reference.ts"
import { carve, type CarveRequest } from "./carve.ts"
import { download, findLayer, type LayerRequest } from "./download.ts"
import { inspect, type InspectRequest } from "./inspect.ts"
import { listTags, type TagsWanted } from "./listTags.ts"
import { peek, type PeekRequest } from "./peek.ts"

/** Who looks into an image, and from where. */
export interface Onlooker {
  readonly caller: Principal
  readonly client: Client
}

interface Opened {
  readonly digest: Digest
  readonly platform: Platform
  readonly bytesFetched: Effect.Effect<number>
}

interface Request {
  readonly reference: Reference
  readonly layer?: string
  readonly path?: string
}

/** The failure's name; a defect and an interruption have none. */
const reasonOf = (cause: Cause.Cause<{ readonly _tag: string }>): string => {
  if (Cause.hasInterruptsOnly(cause)) return "interrupted"
  return cause.reasons.find(Cause.isFailReason)?.error._tag ?? "internal-error"
}

/**
 * Leaves in the event trail how an operation ended. It ends with its scope, after the registry session: the finalizer is
 * the scope's first, and so runs last. A trail that cannot be written does not undo what was done.
 */
const follow = Effect.fnUntraced(function* (
  type: "image.peeked" | "image.carved" | "image.downloaded",
  { caller, client }: Onlooker,
  { reference, layer, path }: Request
) {
  const opened = yield* Ref.make<Opened | undefined>(undefined)
  const failure = yield* Ref.make<string | undefined>(undefined)
  yield* Effect.addFinalizer((exit) =>
    Effect.gen(function* () {
      const image = yield* Ref.get(opened)
      const reason = (yield* Ref.get(failure)) ?? (Exit.isFailure(exit) ? "interrupted" : undefined)
      yield* record({
        type,
        client,
        userId: caller.user.id,
        sessionId: caller.sessionId,
        outcome: reason === undefined ? "success" : "failure",
        detail: {
          image: format(reference),
          ...(layer !== undefined && { layer }),
          ...(path !== undefined && { path }),
          ...(image !== undefined && {
            digest: image.digest,
            platform: formatPlatform(image.platform),
            bytes_fetched: String(yield* image.bytesFetched)
          }),
          ...(reason !== undefined && { reason })
        }
      })
    }).pipe(Effect.catch((error) => Effect.logWarning("the event trail could not be written", error)))
  )
  return {
    opened: (image: Opened) => Ref.set(opened, image),
    failed: (cause: Cause.Cause<{ readonly _tag: string }>) => Ref.set(failure, reasonOf(cause))
  }
})

/** Peeks on somebody's behalf, and notes it. */
export const peekAs = Effect.fn("peekAs")(function* (onlooker: Onlooker, request: PeekRequest) {
  const trail = yield* follow("image.peeked", onlooker, request)
  const found = yield* Effect.tapCause(withOwnCredentials(onlooker.caller)(peek(request)), trail.failed)
  yield* trail.opened(found)
  return { ...found, entries: Stream.tapCause(found.entries, trail.failed) }
})

/** Carves on somebody's behalf, and notes it. */
export const carveAs = Effect.fn("carveAs")(function* (onlooker: Onlooker, request: CarveRequest) {
  const trail = yield* follow("image.carved", onlooker, request)
  const found = yield* Effect.tapCause(withOwnCredentials(onlooker.caller)(carve(request)), trail.failed)
  yield* trail.opened(found)
  return { ...found, content: Stream.tapCause(found.content, trail.failed) }
})

/** Downloads a layer on somebody's behalf, and notes it. */
export const downloadAs = Effect.fn("downloadAs")(function* (onlooker: Onlooker, request: LayerRequest) {
  const trail = yield* follow("image.downloaded", onlooker, request)
  const found = yield* Effect.tapCause(withOwnCredentials(onlooker.caller)(download(request)), trail.failed)
  yield* trail.opened(found)
  return { ...found, content: Stream.tapCause(found.content, trail.failed) }
})

/** Finds a layer with the caller's own credentials; nothing is downloaded, so there is nothing to note. */
export const findLayerAs = Effect.fn("findLayerAs")(function* (caller: Principal, request: LayerRequest) {
  return yield* withOwnCredentials(caller)(findLayer(request))
})

/** Reads a manifest and configuration with the caller's own credentials. */
export const inspectAs = Effect.fn("inspectAs")(function* (caller: Principal, request: InspectRequest) {
  return yield* withOwnCredentials(caller)(inspect(request))
})

/** Lists tags with the caller's own credentials. */
export const listTagsAs = Effect.fn("listTagsAs")(function* (
  caller: Principal,
  reference: Reference,
  page: TagsWanted
) {
  return yield* withOwnCredentials(caller)(listTags(reference, page))
})
