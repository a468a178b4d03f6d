import { Cause, Effect, Exit, Ref, Stream } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import { formatPlatform } from "../registry/Platform.ts"
import { withOwnCredentials } from "../registry/ownCredentials.ts"
import { format, type Reference } from "../registry/Reference.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { isRevoked } from "../token/revocation.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { carveFrom, type CarveRequest } from "./carve.ts"
import { downloadFrom, findLayer, type LayerRequest } from "./download.ts"
import { type Image, openImage } from "./Image.ts"
import { inspect, type InspectRequest } from "./inspect.ts"
import { listTags, type TagsWanted } from "./listTags.ts"
import { display } from "./name.ts"
import { Looks } from "./Looks.ts"
import { type Peek, peekInto, type PeekRequest } from "./peek.ts"
import { ReadingRoom } from "./ReadingRoom.ts"

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

const events = { peek: "image.peeked", carve: "image.carved", download: "image.downloaded" } as const

/**
 * Notes how an operation ended, in the event trail and in the user's history, if there was an image to look at. It ends with
 * its scope, after the registry session: the finalizer is the scope's first, and so runs last. What cannot be written does
 * not undo what was done.
 */
const follow = Effect.fnUntraced(function* (
  operation: keyof typeof events,
  { caller, client }: Onlooker,
  { reference, layer, path }: Request
) {
  const opened = yield* Ref.make<Image | undefined>(undefined)
  const failure = yield* Ref.make<string | undefined>(undefined)
  const shown = yield* Ref.make<Peek["layers"]>([])
  const image = format(reference)
  const wanted = { ...(layer !== undefined && { layer }), ...(path !== undefined && { path: display(path) }) }

  const note = Effect.fnUntraced(function* (failed: boolean) {
    const found = yield* Ref.get(opened)
    const reason = (yield* Ref.get(failure)) ?? (failed ? "interrupted" : undefined)
    const outcome = reason === undefined ? "success" : "failure"
    const bytesFetched = found === undefined ? 0 : yield* found.session.bytesFetched
    const known = found && { digest: found.manifest.digest, platform: formatPlatform(found.config.platform) }
    const { id, at } = yield* record({
      type: events[operation],
      client,
      userId: caller.user.id,
      sessionId: caller.sessionId,
      outcome,
      detail: {
        image,
        ...wanted,
        ...(known !== undefined && { ...known, bytes_fetched: String(bytesFetched) }),
        ...(reason !== undefined && { reason })
      }
    })
    // The history is of what was looked at; a layer that was taken away whole is in the trail alone.
    if (known === undefined || operation === "download") return
    const looks = yield* Looks
    yield* looks.add(
      { id, at, userId: caller.user.id, operation, image, ...known, ...wanted, bytesFetched, outcome },
      (yield* Ref.get(shown)).map(({ index, digest }) => ({
        image,
        digest: known.digest,
        layer: index,
        layerDigest: digest
      }))
    )
  })

  const { transaction } = yield* UnitOfWork
  yield* Effect.addFinalizer((exit) =>
    transaction(note(Exit.isFailure(exit))).pipe(
      Effect.catch((error) => Effect.logWarning("the event trail could not be written", error))
    )
  )
  return {
    opened: (each: Image) => Ref.set(opened, each),
    failed: (cause: Cause.Cause<{ readonly _tag: string }>) => Ref.set(failure, reasonOf(cause)),
    /** All of these layers' entries were. */
    shown: (layers: Peek["layers"]) => Ref.set(shown, layers)
  }
})

type Trail = Effect.Success<ReturnType<typeof follow>>

const turn = Effect.fnUntraced(function* ({ user, sessionId }: Principal) {
  const room = yield* ReadingRoom
  const leave = yield* room.enter(user.id)
  if (yield* isRevoked(sessionId)) return yield* new TokenRevoked()
  return leave
})

/** Waits for the onlooker's turn, which nobody has whose session was closed meanwhile; gives what ends it, which the scope does too. */
const entering = ({ caller }: Onlooker, trail: Trail) => Effect.tapCause(turn(caller), trail.failed)

/** Opens the image; from then on the trail can tell which one it was. */
const opening = Effect.fnUntraced(function* (
  { reference, platform }: PeekRequest | CarveRequest | LayerRequest,
  trail: Trail
) {
  const image = yield* openImage(reference, platform)
  yield* trail.opened(image)
  return image
})

/** Peeks on somebody's behalf, and notes it. */
export const peekAs = Effect.fn("peekAs")(function* (onlooker: Onlooker, request: PeekRequest) {
  const trail = yield* follow("peek", onlooker, request)
  const leave = yield* entering(onlooker, trail)
  const found = yield* opening(request, trail).pipe(
    Effect.flatMap((image) => peekInto(image, request)),
    withOwnCredentials(onlooker.caller),
    Effect.tapCause(trail.failed)
  )
  const whole = Stream.concat(found.entries, Stream.fromEffectDrain(trail.shown(found.layers)))
  // What is read is no longer in the way of others, though it may take a slow client long to have it all.
  return { ...found, entries: Stream.ensuring(Stream.tapCause(whole, trail.failed), leave) }
})

/** Carves on somebody's behalf, and notes it. */
export const carveAs = Effect.fn("carveAs")(function* (onlooker: Onlooker, request: CarveRequest) {
  const trail = yield* follow("carve", onlooker, request)
  yield* entering(onlooker, trail)
  const found = yield* opening(request, trail).pipe(
    Effect.flatMap((image) => carveFrom(image, request)),
    withOwnCredentials(onlooker.caller),
    Effect.tapCause(trail.failed)
  )
  return { ...found, content: Stream.tapCause(found.content, trail.failed) }
})

/** Downloads a layer on somebody's behalf, and notes it. */
export const downloadAs = Effect.fn("downloadAs")(function* (onlooker: Onlooker, request: LayerRequest) {
  const trail = yield* follow("download", onlooker, request)
  yield* entering(onlooker, trail)
  const found = yield* opening(request, trail).pipe(
    Effect.flatMap((image) => downloadFrom(image, request)),
    withOwnCredentials(onlooker.caller),
    Effect.tapCause(trail.failed)
  )
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
