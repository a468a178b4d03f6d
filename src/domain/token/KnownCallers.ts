import { Context, Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { Lifetime } from "./claims.ts"

/** Who came with an access token, and when it counts as long as nothing changes. */
export interface Judgement {
  readonly caller: Principal
  readonly lifetime: Lifetime
}

/**
 * The callers of this moment who have come before. To be remembered is worth nothing by itself: whoever is given out here is
 * whom a judgement of the same token would find now.
 */
export interface KnownCallers {
  /** Who presents the token. Nobody knows without judging it when something has changed, or may have. */
  readonly recall: (token: string) => Principal | undefined
  /** Who presents the token when all changes are known, or else whom the judgement finds, who is known from then on. */
  readonly judged: <E, R>(
    token: string,
    judgement: Effect.Effect<Judgement, E, R>
  ) => Effect.Effect<Principal, E | StorageUnavailable, R>
}

/** By default each token is judged each time. */
export const KnownCallers = Context.Reference<KnownCallers>("keyhole/domain/token/KnownCallers", {
  defaultValue: () => ({
    recall: () => undefined,
    judged: (_token, judgement) => Effect.map(judgement, ({ caller }) => caller)
  })
})
