import { DateTime } from "effect"
import type { KeyId } from "../token/TokenSigner.ts"

/** A key's life: published before it signs, signing, and then verifying until the tokens it signed are over. */
export type KeyState =
  | { readonly _tag: "Next" }
  | { readonly _tag: "Current" }
  | { readonly _tag: "Retiring"; readonly until: DateTime.Utc }

/** What is known of a signing key without looking at it. */
export interface Key {
  readonly id: KeyId
  /** It is published from then on. */
  readonly createdAt: DateTime.Utc
  readonly state: KeyState
  /** Since when it is in its state. */
  readonly since: DateTime.Utc
}

/** When a key's tokens are accepted no more, in milliseconds of the epoch; as long as it does not retire nobody knows. */
export const trustedUntil = (state: KeyState): number =>
  state._tag === "Retiring" ? DateTime.toEpochMillis(state.until) : Number.POSITIVE_INFINITY

/**
 * Whether a key's tokens are accepted, and the key is published: all but the retiring ones past their deadline. The next key
 * is among them, for another process may have begun to sign with it.
 */
export const isTrusted = (state: KeyState, now: DateTime.Utc): boolean =>
  DateTime.toEpochMillis(now) < trustedUntil(state)
