import { Duration, Effect, Stream } from "effect"
import type { Principal } from "../access/Principal.ts"
import { withOwnCredentials } from "../registry/ownCredentials.ts"
import type { Reference } from "../registry/Reference.ts"
import { RegistryTimeout } from "../registry/RegistryError.ts"
import { carveFrom, type CarveRequest } from "./carve.ts"
import { downloadFrom, findLayer, type LayerRequest } from "./download.ts"
import { type Image, openImage } from "./Image.ts"
import { inspect, type InspectRequest } from "./inspect.ts"
import { listTags, type TagsWanted } from "./listTags.ts"
import { peekInto, type PeekRequest } from "./peek.ts"
import { follow, type Onlooker, type Operation } from "./trail.ts"
import { type SearchRequest, searchNames } from "./searchNames.ts"
import { turn } from "./turn.ts"

/** Opens an image and does something with it on somebody's behalf: in their turn, with their credentials, on the trail. */
const onBehalfOf = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }, R>(
  onlooker: Onlooker,
  operation: Operation,
  request: PeekRequest | CarveRequest | LayerRequest,
  work: (image: Image) => Effect.Effect<A, E, R>
) {
  const trail = yield* follow(operation, onlooker, request)
  const leave = yield* Effect.tapCause(turn(onlooker.caller), trail.failed)
  const found = yield* openImage(request.reference, request.platform).pipe(
    Effect.tap(trail.opened),
    Effect.flatMap(work),
    withOwnCredentials(onlooker.caller),
    Effect.tapCause(trail.failed)
  )
  return { found, leave, trail }
})

/** Peeks on somebody's behalf. */
export const peekAs = Effect.fn("peekAs")(function* (onlooker: Onlooker, request: PeekRequest) {
  const { found, leave, trail } = yield* onBehalfOf(onlooker, "peek", request, (image) => peekInto(image, request))
  const whole = Stream.concat(found.entries, Stream.fromEffectDrain(trail.shown(found.layers)))
  // What is read is no longer in the way of others, though it may take a slow client long to have it all.
  return { ...found, entries: Stream.ensuring(Stream.tapCause(whole, trail.failed), leave) }
})

/** Carves on somebody's behalf. */
export const carveAs = Effect.fn("carveAs")(function* (onlooker: Onlooker, request: CarveRequest) {
  const { found, trail } = yield* onBehalfOf(onlooker, "carve", request, (image) => carveFrom(image, request))
  return { ...found, content: Stream.tapCause(found.content, trail.failed) }
})

/** Downloads a layer on somebody's behalf. */
export const downloadAs = Effect.fn("downloadAs")(function* (onlooker: Onlooker, request: LayerRequest) {
  const { found, trail } = yield* onBehalfOf(onlooker, "download", request, (image) => downloadFrom(image, request))
  return { ...found, content: Stream.tapCause(found.content, trail.failed) }
})

/** Does what is done before the answer begins: with that, the caller's turn is over. */
const inTurn =
  (caller: Principal) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.scoped(Effect.andThen(turn(caller), work))

/** How long a registry may take over all that one look asks of it, each part in time or not: a look keeps a place from others. */
const PATIENCE = Duration.minutes(2)

/** Asks a registry, in the caller's turn and with their own credentials; the time runs from when there is a place. */
const askAs =
  (caller: Principal, { registry }: Reference) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    withOwnCredentials(caller)(work).pipe(
      Effect.timeoutOrElse({
        duration: PATIENCE,
        orElse: () => Effect.fail(new RegistryTimeout({ host: registry }))
      }),
      inTurn(caller)
    )

/** Finds a layer with the caller's own credentials; nothing is downloaded, so there is nothing to note. */
export const findLayerAs = Effect.fn("findLayerAs")(function* (caller: Principal, request: LayerRequest) {
  return yield* findLayer(request).pipe(askAs(caller, request.reference))
})

/** Reads a manifest and configuration with the caller's own credentials. */
export const inspectAs = Effect.fn("inspectAs")(function* (caller: Principal, request: InspectRequest) {
  return yield* inspect(request).pipe(askAs(caller, request.reference))
})

/** Lists tags with the caller's own credentials. */
export const listTagsAs = Effect.fn("listTagsAs")(function* (
  caller: Principal,
  reference: Reference,
  page: TagsWanted
) {
  return yield* listTags(reference, page).pipe(askAs(caller, reference))
})

/** Looks for names in what the caller was shown before. */
export const searchNamesAs = Effect.fn("searchNamesAs")(function* (caller: Principal, request: SearchRequest) {
  return yield* inTurn(caller)(searchNames(caller, request))
})
