import { Context, type Duration, type Effect, type Option } from "effect"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"

/**
 * Facts about tokens that matter only as long as the tokens do: each entry ends by itself after its time to live.
 * A store that cannot answer fails; it never answers "nothing there".
 */
export class TokenStorage extends Context.Service<
  TokenStorage,
  {
    /** Replaces what the key held, value and end. When it succeeds, the entry is as durable as the store can make it. */
    readonly store: (key: string, value: string, ttl: Duration.Duration) => Effect.Effect<void, StorageUnavailable>
    readonly get: (key: string) => Effect.Effect<Option.Option<string>, StorageUnavailable>
    /** True when there was a live entry. */
    readonly delete: (key: string) => Effect.Effect<boolean, StorageUnavailable>
  }
>()("keyhole/domain/token/TokenStorage") {}
