import { Context, type Effect } from "effect"
import type { EventId } from "./event/SecurityEvent.ts"
import type { UserId } from "./identity/User.ts"
import type { SessionId } from "./session/Session.ts"
import type { SessionSecret } from "./session/SessionSecret.ts"
import type { TokenId } from "./token/TokenId.ts"

/** Names that nobody can guess, from a cryptographically strong source. */
export class Identifiers extends Context.Service<
  Identifiers,
  {
    readonly user: Effect.Effect<UserId>
    readonly session: Effect.Effect<SessionId>
    readonly secret: Effect.Effect<SessionSecret>
    readonly token: Effect.Effect<TokenId>
    readonly event: Effect.Effect<EventId>
  }
>()("keyhole/domain/Identifiers") {}
