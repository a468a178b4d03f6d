import { Context, type DateTime, type Effect, type Option } from "effect"
import type { UserId } from "../identity/User.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { SessionSecret } from "./SessionSecret.ts"
import type { CloseReason, Session, SessionId } from "./Session.ts"

/** The truth about sessions. A closed session stays closed, whatever comes after. */
export class SessionStore extends Context.Service<
  SessionStore,
  {
    /** A cookie session comes with its secret, of which a hash is kept. */
    readonly add: (session: Session, secret?: SessionSecret) => Effect.Effect<void, StorageUnavailable>
    readonly find: (id: SessionId) => Effect.Effect<Option.Option<Session>, StorageUnavailable>
    /** The session that is known by this secret now. */
    readonly findBySecret: (secret: SessionSecret) => Effect.Effect<Option.Option<Session>, StorageUnavailable>
    /**
     * Compare-and-set: the session that is known by `previous` is known by `next` from now on, and by nothing else. False when
     * it is known by another one already, closed, or never was.
     */
    readonly replaceSecret: (previous: SessionSecret, next: SessionSecret) => Effect.Effect<boolean, StorageUnavailable>
    /**
     * As `find`; inside a unit of work nobody else changes the session until the unit ends, so that what was read of it
     * is still true when the unit commits.
     */
    readonly hold: (id: SessionId) => Effect.Effect<Option.Option<Session>, StorageUnavailable>
    /** Newest first. */
    readonly liveOf: (user: UserId, now: DateTime.Utc) => Effect.Effect<ReadonlyArray<Session>, StorageUnavailable>
    /**
     * The sessions that are not closed, those whose time is over included, newest first; inside a unit of work nobody else
     * opens or closes a session of this user until the unit ends.
     */
    readonly holdOpenOf: (user: UserId) => Effect.Effect<ReadonlyArray<Session>, StorageUnavailable>
    /** The user's sessions that were closed then or later, in any order. */
    readonly closedSince: (
      user: UserId,
      then: DateTime.Utc
    ) => Effect.Effect<ReadonlyArray<Session>, StorageUnavailable>
    /** At most `limit` sessions that are over and not yet closed, those that ended first before the others. */
    readonly ended: (now: DateTime.Utc, limit: number) => Effect.Effect<ReadonlyArray<Session>, StorageUnavailable>
    /** Compare-and-set: true for the one call that closed it, false when it was closed already or never was. */
    readonly close: (id: SessionId, reason: CloseReason, at: DateTime.Utc) => Effect.Effect<boolean, StorageUnavailable>
    /** Seen again, and alive until `expiresAt`. Nothing happens to a closed session. */
    readonly prolong: (
      id: SessionId,
      seenAt: DateTime.Utc,
      expiresAt: DateTime.Utc
    ) => Effect.Effect<void, StorageUnavailable>
  }
>()("keyhole/domain/session/SessionStore") {}
