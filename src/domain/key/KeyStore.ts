import { Context, type DateTime, type Effect, type Option } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { KeyId, PublicKey } from "../token/TokenSigner.ts"
import type { Key } from "./Key.ts"

/** A new key that nobody knows yet. */
export interface MintedKey {
  readonly publicKey: PublicKey
  /** The private half, sealed for the store. */
  readonly sealed: string
}

/**
 * The signing keys of an installation. At any time one at most is current, and one at most is next. Every process that signs
 * or verifies notices a change before its next token.
 */
export class KeyStore extends Context.Service<
  KeyStore,
  {
    /** Every key there is, oldest first. */
    readonly all: Effect.Effect<ReadonlyArray<Key>, StorageUnavailable>
    /** As `all`; inside a unit of work nobody else changes the keys until the unit ends. */
    readonly hold: Effect.Effect<ReadonlyArray<Key>, StorageUnavailable>
    /** When the last of the refresh tokens expires that the key has signed. */
    readonly lastExpiry: (key: KeyId) => Effect.Effect<Option.Option<DateTime.Utc>, StorageUnavailable>
    /** Makes a key; slow, so that it belongs in no unit of work. */
    readonly mint: Effect.Effect<MintedKey>
    readonly publish: (
      key: MintedKey,
      as: "Next" | "Current",
      at: DateTime.Utc
    ) => Effect.Effect<void, StorageUnavailable>
    readonly activate: (key: KeyId, at: DateTime.Utc) => Effect.Effect<void, StorageUnavailable>
    readonly retire: (key: KeyId, at: DateTime.Utc, until: DateTime.Utc) => Effect.Effect<void, StorageUnavailable>
    /** The key is gone with its private half. */
    readonly remove: (key: KeyId) => Effect.Effect<void, StorageUnavailable>
  }
>()("keyhole/domain/key/KeyStore") {}
