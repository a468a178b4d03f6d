import { Effect, Layer } from "effect"
import type { Session } from "../../domain/session/Session.ts"
import { SessionStore } from "../../domain/session/SessionStore.ts"
import { remembering } from "../change/remembered.ts"
import { secretHash } from "./secretHash.ts"

// Less than 1 KB each.
const CAPACITY = 10_000

/** The sessions of the database, of which the cookie sessions in use are in memory. */
export const rememberedSessions = Layer.effect(
  SessionStore,
  Effect.gen(function* () {
    const sessions = yield* SessionStore
    const bySecret = yield* remembering<Session>({
      capacity: CAPACITY,
      forgets: (change) => (change.kind === "session" ? change.subject : undefined)
    })
    return SessionStore.of({
      ...sessions,
      findBySecret: (secret) => bySecret(secretHash(secret), sessions.findBySecret(secret))
    })
  })
)
