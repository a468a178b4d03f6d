import { Context, Effect, Schema, type Scope } from "effect"
import type { UserId } from "../identity/User.ts"

/** More images are being read than the service can, or than one user may have waiting. */
export class ReadingRoomFull extends Schema.TaggedError<ReadingRoomFull>()("ReadingRoomFull", {
  /** Seconds. */
  retryAfter: Schema.Number
}) {}

/** Bounds how many images are read at once, and lets users wait fairly. */
export interface ReadingRoom {
  /** Waits for a place, which is free again when the scope closes, or earlier with the effect that is given. */
  readonly enter: (user: UserId) => Effect.Effect<Effect.Effect<void>, ReadingRoomFull, Scope.Scope>
}

/** A room without walls, for whoever has the service for himself; the composition root puts them up. */
export const ReadingRoom = Context.Reference<ReadingRoom>("keyhole/domain/image/ReadingRoom", {
  defaultValue: () => ({ enter: () => Effect.succeed(Effect.void) })
})
