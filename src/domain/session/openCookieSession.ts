import { DateTime, Effect } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { Identifiers } from "../Identifiers.ts"
import type { UserId } from "../identity/User.ts"
import { endAfterUse } from "./lifetime.ts"
import { open } from "./open.ts"
import { SessionSettings } from "./SessionSettings.ts"

/** Opens a session for a browser, under a secret that nobody has known before. Belongs inside a unit of work, as `open` does. */
export const openCookieSession = Effect.fn("openCookieSession")(function* (userId: UserId, client: Client) {
  const identifiers = yield* Identifiers
  const now = yield* DateTime.now
  const secret = yield* identifiers.secret
  const session = yield* open({
    id: yield* identifiers.session,
    kind: "cookie",
    userId,
    client,
    createdAt: now,
    expiresAt: endAfterUse(now, now, yield* SessionSettings),
    secret
  })
  yield* record({ type: "sign-in.succeeded", client, userId, sessionId: session.id })
  return { session, secret }
})
