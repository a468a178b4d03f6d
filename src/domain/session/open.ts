import { type DateTime, Effect } from "effect"
import type { Client } from "../Client.ts"
import type { UserId } from "../identity/User.ts"
import { surplus } from "./cap.ts"
import { close } from "./close.ts"
import { isLive } from "./lifetime.ts"
import { Session, type SessionId } from "./Session.ts"
import type { SessionSecret } from "./SessionSecret.ts"
import { SessionSettings } from "./SessionSettings.ts"
import { SessionStore } from "./SessionStore.ts"

/**
 * Opens a session, closing the user's oldest ones beyond the cap. Belongs inside a unit of work: only there do parallel
 * sign-ins of one user wait for each other.
 */
export const open = Effect.fn("open")(function* ({
  secret,
  ...request
}: {
  readonly id: SessionId
  readonly kind: Session["kind"]
  readonly userId: UserId
  readonly client: Client
  /** Now. */
  readonly createdAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
  /** What a cookie session is known by. */
  readonly secret?: SessionSecret
}) {
  const sessions = yield* SessionStore
  const { atMost } = yield* SessionSettings
  const others = yield* sessions.holdOpenOf(request.userId)
  const live = others.filter((other) => isLive(other, request.createdAt))
  for (const old of surplus(live, atMost)) {
    yield* close(old, "superseded", request.client)
  }
  const session = new Session({ ...request, lastSeenAt: request.createdAt, closed: null })
  yield* sessions.add(session, secret)
  return session
})
