import { Context, type Effect, type Redacted, Schema } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { TokenInvalid } from "./TokenError.ts"

/** `kid` (RFC 7515 §4.1.4): the RFC 7638 thumbprint of the key. */
export const KeyId = Schema.String.pipe(Schema.brand("KeyId"))
export type KeyId = typeof KeyId.Type

/** A token whose signature is good. What it claims is not yet checked. */
export interface OpenedToken {
  readonly type: string
  readonly claims: unknown
}

/** One whose key counts at this moment. */
export interface TrustedToken extends OpenedToken {
  /** Until before when that is so if nobody changes the keys, in milliseconds of the epoch. */
  readonly until: number
}

/** A public key as RFC 7517 writes it. */
export interface PublicKey {
  readonly kty: string
  readonly n: string
  readonly e: string
  readonly kid: KeyId
  readonly use: "sig"
  readonly alg: "RS256"
}

/**
 * Signs and opens JWTs with RS256 (RFC 7518 §3.3) and nothing else.
 *
 * RS256 is deterministic (RFC 8017 §8.2.1): the same claims under the same key are the same string. The refresh grace
 * relies on it.
 */
export class TokenSigner extends Context.Service<
  TokenSigner,
  {
    /** The key that signs now. */
    readonly currentKey: Effect.Effect<KeyId, StorageUnavailable>
    /** Fails with `TokenInvalid` when the key is gone. */
    readonly sign: (
      type: string,
      claims: object,
      key: KeyId
    ) => Effect.Effect<Redacted.Redacted<string>, TokenInvalid | StorageUnavailable>
    /** Checks form, algorithm, `kid`, `crit` and signature (RFC 8725 §3). */
    readonly open: (token: Redacted.Redacted<string>) => Effect.Effect<TrustedToken, TokenInvalid | StorageUnavailable>
    /** Everything a verifier needs: the keys that sign, will sign, or signed tokens that still live. */
    readonly publicKeys: Effect.Effect<ReadonlyArray<PublicKey>, StorageUnavailable>
  }
>()("keyhole/domain/token/TokenSigner") {}
