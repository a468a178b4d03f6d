import { DateTime, Effect, Option } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { NotFound } from "../NotFound.ts"
import { close } from "./close.ts"
import { isLive } from "./lifetime.ts"
import type { SessionId } from "./Session.ts"
import { SessionStore } from "./SessionStore.ts"

/** Ends one of the caller's live sessions, this one included. */
export const closeOwn = Effect.fn("closeOwn")(function* (caller: Principal, id: SessionId, client: Client) {
  const sessions = yield* SessionStore
  const session = Option.filter(yield* sessions.find(id), (found) => found.userId === caller.user.id)
  if (Option.isNone(session) || !isLive(session.value, yield* DateTime.now)) {
    return yield* new NotFound({ what: "session" })
  }
  yield* close(session.value, "closed-by-user", client)
})
