import { DateTime, Effect, Option } from "effect"
import { grantsNow } from "../access/definedRoles.ts"
import type { Client } from "../Client.ts"
import { close } from "../session/close.ts"
import { openCookieSession } from "../session/openCookieSession.ts"
import type { SessionSecret } from "../session/SessionSecret.ts"
import { SessionStore } from "../session/SessionStore.ts"
import { letIn } from "./letIn.ts"
import { type Credentials, prove } from "./prove.ts"

/**
 * A new session for a browser, whatever it came with: a cookie from before the sign-in is never the one after it, so that
 * nobody can be made to sign in to a session that somebody else knows. The session it belonged to is closed.
 */
export const signInWithCookie = Effect.fn("signInWithCookie")(function* (
  credentials: Credentials,
  previous: SessionSecret | undefined,
  client: Client
) {
  const sessions = yield* SessionStore
  const proof = yield* prove(credentials, client)
  const { user, opened } = yield* letIn(
    proof,
    yield* DateTime.now,
    client,
    Effect.gen(function* () {
      if (previous !== undefined) {
        const old = yield* sessions.findBySecret(previous)
        if (Option.isSome(old)) yield* close(old.value, "superseded", client)
      }
      return yield* openCookieSession(proof.account.user.id, client)
    })
  )
  return { ...opened, user, grants: yield* grantsNow(user.roles) }
})
