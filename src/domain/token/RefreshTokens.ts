import { Context, type DateTime, type Effect } from "effect"
import type { SessionId } from "../session/Session.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { RefreshToken } from "./RefreshToken.ts"
import type { TokenId } from "./TokenId.ts"

/**
 * What became of a refresh token that was presented. On reuse the family is told too, so that it can be closed
 * (RFC 9700 §4.14.2).
 */
export type Consumption =
  | { readonly _tag: "Consumed" }
  | {
      readonly _tag: "AlreadyConsumed"
      readonly firstUsedAt: DateTime.Utc
      /** The family's live token: the one nobody has used yet. */
      readonly live: RefreshToken
    }
  | { readonly _tag: "Unknown" }

/** The refresh tokens of all sessions. At any time a session has exactly one that is live. */
export class RefreshTokens extends Context.Service<
  RefreshTokens,
  {
    /** Starts a session's family. */
    readonly begin: (token: RefreshToken) => Effect.Effect<void, StorageUnavailable>
    /**
     * One compare-and-set: the first to present the token consumes it and `successor` becomes the family's live token;
     * everybody after that learns when it was consumed and what is live now.
     */
    readonly consume: (
      token: TokenId,
      successor: RefreshToken,
      now: DateTime.Utc
    ) => Effect.Effect<Consumption, StorageUnavailable>
    /** Whether the token is its family's live one. */
    readonly isLive: (token: TokenId, family: SessionId) => Effect.Effect<boolean, StorageUnavailable>
  }
>()("keyhole/domain/token/RefreshTokens") {}
