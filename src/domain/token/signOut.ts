import { DateTime, Effect, Option, type Redacted } from "effect"
import type { Client } from "../Client.ts"
import { close } from "../session/close.ts"
import type { SessionSecret } from "../session/SessionSecret.ts"
import type { SessionId } from "../session/Session.ts"
import { SessionStore } from "../session/SessionStore.ts"
import { accessClaims, refreshClaims } from "./claims.ts"
import { revoke } from "./revocation.ts"
import { TokenSettings } from "./TokenSettings.ts"
import { TokenSigner } from "./TokenSigner.ts"

/** How a sign-out ended. The caller is signed out on their side whatever it was. */
export type SignOut = "revoked" | "nothing-to-revoke" | "stores-unreachable"

export interface Presented {
  readonly accessToken?: Redacted.Redacted<string>
  readonly refreshToken?: Redacted.Redacted<string>
  readonly cookie?: SessionSecret
}

const NOBODY: ReadonlyArray<SessionId> = []

/** The session a token names. An expired token still names one; a token that cannot be verified names none. */
const named = Effect.fnUntraced(
  function* (token: Redacted.Redacted<string> | undefined, claimsOf: typeof accessClaims | typeof refreshClaims) {
    if (token === undefined) return NOBODY
    const signer = yield* TokenSigner
    const opened = yield* signer.open(token)
    const claims = yield* Effect.fromResult(claimsOf(opened, yield* DateTime.now, yield* TokenSettings, "may-be-over"))
    return [claims.sid]
  },
  Effect.catchTag(["TokenInvalid", "TokenExpired"], () => Effect.succeed(NOBODY))
)

/** The session a cookie belongs to, closed or not. */
const behind = Effect.fnUntraced(function* (cookie: SessionSecret | undefined) {
  if (cookie === undefined) return NOBODY
  const sessions = yield* SessionStore
  return Option.match(yield* sessions.findBySecret(cookie), { onNone: () => NOBODY, onSome: ({ id }) => [id] })
})

/**
 * Closes the sessions that the presented tokens and the cookie name; how many there were. A session that is closed already is as
 * dead as one can be; one that nobody remembers (a database restored from a backup) has its tokens revoked all the same.
 */
export const closeNamed = Effect.fn("closeNamed")(function* (presented: Presented, client: Client) {
  const sessions = yield* SessionStore
  const ids = new Set([
    ...(yield* named(presented.accessToken, accessClaims)),
    ...(yield* named(presented.refreshToken, refreshClaims)),
    ...(yield* behind(presented.cookie))
  ])
  for (const id of ids) {
    const session = yield* sessions.find(id)
    if (Option.isSome(session)) yield* close(session.value, "signed-out", client)
    else yield* revoke(id, "signed-out")
  }
  return ids.size
})

/**
 * Ends what was presented. It never fails: whoever signs out is signed out, and the answer says honestly whether
 * their tokens are dead everywhere.
 */
export const signOut = Effect.fn("signOut")(
  function* (presented: Presented, client: Client) {
    const end: SignOut = (yield* closeNamed(presented, client)) > 0 ? "revoked" : "nothing-to-revoke"
    return end
  },
  Effect.catchTag("StorageUnavailable", (error) =>
    Effect.logWarning("sign-out could not reach the stores", error).pipe(Effect.as<SignOut>("stores-unreachable"))
  )
)
