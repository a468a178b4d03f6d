import { Cause, Effect, Exit, Ref } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { formatPlatform } from "../registry/Platform.ts"
import { format, type Reference } from "../registry/Reference.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import type { Image } from "./Image.ts"
import { Looks } from "./Looks.ts"
import { display } from "./name.ts"
import type { Peek } from "./peek.ts"

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

/** The failure's name, written as the codes of problems are; a defect and an interruption have none. */
const reasonOf = (cause: Cause.Cause<{ readonly _tag: string }>): string => {
  if (Cause.hasInterruptsOnly(cause)) return "interrupted"
  const error = cause.reasons.find(Cause.isFailReason)?.error
  return error === undefined ? "internal-error" : error._tag.replaceAll(/(?!^)[A-Z]/gu, "-$&").toLowerCase()
}

/** Which image it was, once its configuration is known to be right; whoever left before that has not seen it. */
const seen = Effect.fnUntraced(function* ({ manifest: { digest }, config }: Image) {
  const read = yield* Effect.exit(config)
  return Exit.isSuccess(read) ? { digest, platform: formatPlatform(read.value.platform) } : undefined
})

/** What the event trail calls what is done with an image. */
const events = { peek: "image.peeked", carve: "image.carved", download: "image.downloaded" } as const
export type Operation = keyof typeof events

/**
 * Notes how an operation ended, in the event trail and in the user's history, if there was an image to look at. It ends with
 * its scope, after the registry session: the finalizer is the scope's first, and so runs last. What cannot be written does
 * not undo what was done.
 */
export const follow = Effect.fnUntraced(function* (
  operation: Operation,
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
    const known = found && (yield* seen(found))
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
