import { DateTime, Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import { SessionStore } from "./SessionStore.ts"

/** The caller's live sessions, newest first. */
export const listOwn = Effect.fn("listOwn")(function* (caller: Principal) {
  const sessions = yield* SessionStore
  return yield* sessions.liveOf(caller.user.id, yield* DateTime.now)
})
