import { Context, type DateTime, type Effect } from "effect"
import type { EventId } from "../event/SecurityEvent.ts"
import type { UserId } from "../identity/User.ts"
import type { Digest } from "../registry/Digest.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"

/** That a user peeked at an image or carved from it: one that was found, whatever came of it. */
export interface Look {
  /** The one of its event. */
  readonly id: EventId
  readonly userId: UserId
  readonly at: DateTime.Utc
  readonly operation: "peek" | "carve"
  /** The whole reference. */
  readonly image: string
  readonly digest: Digest
  readonly platform: string
  /** As it was asked for. */
  readonly layer?: string
  readonly path?: string
  readonly bytesFetched: number
  readonly outcome: "success" | "failure"
}

/** Where a page of looks ends; the next one goes on before it. */
export type LookPosition = Pick<Look, "at" | "id">

/** A layer that a user was shown, as part of the image they asked for. */
export interface SeenLayer {
  readonly image: string
  readonly digest: Digest
  readonly layer: number
  readonly layerDigest: Digest
}

/** Layers are in the order of these; what begins at a place includes it. */
export type LayerPosition = Omit<SeenLayer, "layerDigest">

/** What users looked at. What is added inside a unit of work is committed with it; it goes when the user goes. */
export class Looks extends Context.Service<
  Looks,
  {
    /** A user who is gone by now leaves nothing. */
    readonly add: (look: Look, seen: ReadonlyArray<SeenLayer>) => Effect.Effect<void, StorageUnavailable>
    /** A user's looks, newest first; with `query` those that have it in the image's name or the path. */
    readonly page: (
      user: UserId,
      wanted: { readonly query?: string; readonly before?: LookPosition; readonly limit: number }
    ) => Effect.Effect<ReadonlyArray<Look>, StorageUnavailable>
    /** The layers a user was shown within the time that looks are kept, of one image or of all. */
    readonly seen: (
      user: UserId,
      wanted: { readonly image?: string; readonly from?: LayerPosition; readonly limit: number }
    ) => Effect.Effect<ReadonlyArray<SeenLayer>, StorageUnavailable>
  }
>()("keyhole/domain/image/Looks") {}
