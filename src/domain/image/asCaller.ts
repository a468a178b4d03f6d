import { Cause, Effect, Exit, Ref, Stream } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import { formatPlatform } from "../registry/Platform.ts"
import { format, type Reference } from "../registry/Reference.ts"
import { carveFrom, type CarveRequest } from "./carve.ts"
import { type Image, openImage } from "./Image.ts"
import { peekInto, type PeekRequest } from "./peek.ts"

/** Who looks into an image, and from where. */
export interface Onlooker {
  readonly caller: Principal
  readonly client: Client
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
  type: "image.peeked" | "image.carved",
  { caller, client }: Onlooker,
  { reference, layer, path }: Request
) {
  const opened = yield* Ref.make<Image | undefined>(undefined)
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
            digest: image.manifest.digest,
            platform: formatPlatform(image.config.platform),
            bytes_fetched: String(yield* image.session.bytesFetched)
          }),
          ...(reason !== undefined && { reason })
        }
      })
    }).pipe(Effect.catch((error) => Effect.logWarning("the event trail could not be written", error)))
  )
  return {
    opened: (image: Image) => Ref.set(opened, image),
    failed: (cause: Cause.Cause<{ readonly _tag: string }>) => Ref.set(failure, reasonOf(cause))
  }
})

type Trail = Effect.Success<ReturnType<typeof follow>>

/** Opens the image; from then on the trail can tell which one it was. */
const opening = Effect.fnUntraced(function* ({ reference, platform }: PeekRequest | CarveRequest, trail: Trail) {
  const image = yield* openImage(reference, platform)
  yield* trail.opened(image)
  return image
})

/** Peeks on somebody's behalf, and notes it. */
export const peekAs = Effect.fn("peekAs")(function* (onlooker: Onlooker, request: PeekRequest) {
  const trail = yield* follow("image.peeked", onlooker, request)
  const found = yield* opening(request, trail).pipe(
    Effect.flatMap((image) => peekInto(image, request)),
    Effect.tapCause(trail.failed)
  )
  return { ...found, entries: Stream.tapCause(found.entries, trail.failed) }
})

/** Carves on somebody's behalf, and notes it. */
export const carveAs = Effect.fn("carveAs")(function* (onlooker: Onlooker, request: CarveRequest) {
  const trail = yield* follow("image.carved", onlooker, request)
  const found = yield* opening(request, trail).pipe(
    Effect.flatMap((image) => carveFrom(image, request)),
    Effect.tapCause(trail.failed)
  )
  return { ...found, content: Stream.tapCause(found.content, trail.failed) }
})
