import { Schema } from "effect"

/** The request needs a caller and named none. */
export class TokenMissing extends Schema.TaggedError<TokenMissing>()("TokenMissing", {}) {}

/**
 * Not a token of ours, or not one for this use. `reason` is for operators and tests; the caller is told only that the token
 * is invalid.
 */
export class TokenInvalid extends Schema.TaggedError<TokenInvalid>()("TokenInvalid", { reason: Schema.String }) {}

export class TokenExpired extends Schema.TaggedError<TokenExpired>()("TokenExpired", {}) {}

/** The token was good; its session is closed, or its user disabled or gone. */
export class TokenRevoked extends Schema.TaggedError<TokenRevoked>()("TokenRevoked", {}) {}

/** A replaced refresh token came back after the grace period; its session is now closed. */
export class RefreshReused extends Schema.TaggedError<RefreshReused>()("RefreshReused", {}) {}
