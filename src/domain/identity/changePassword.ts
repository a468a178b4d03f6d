import { Effect, type Redacted } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { Identifiers } from "../Identifiers.ts"
import { closeAll } from "../session/closeAll.ts"
import { holdOwn } from "../session/holdOwn.ts"
import type { SessionSecret } from "../session/SessionSecret.ts"
import { SessionStore } from "../session/SessionStore.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { CommonPasswords } from "./CommonPasswords.ts"
import { confirmPassword } from "./confirmPassword.ts"
import { rightGuess } from "./guess.ts"
import { acceptPassword } from "./Password.ts"
import { PasswordHasher } from "./PasswordHasher.ts"
import { UserRepository } from "./UserRepository.ts"

interface PasswordChange {
  readonly current: Redacted.Redacted<string>
  readonly next: Redacted.Redacted<string>
  /** What the caller's session is known by, if it is a cookie session. */
  readonly secret?: SessionSecret
}

/** Gives a cookie session another secret: whoever knew the old one is out (OWASP ASVS 5.0 §7.2.4). */
const renewed = Effect.fnUntraced(function* (secret: SessionSecret | undefined) {
  if (secret === undefined) return undefined
  const identifiers = yield* Identifiers
  const sessions = yield* SessionStore
  const next = yield* identifiers.secret
  return (yield* sessions.replaceSecret(secret, next)) ? next : yield* new TokenRevoked()
})

/** `isChanged` is false when the password's hash was replaced while this was hashing. */
const attempt = Effect.fnUntraced(function* (caller: Principal, change: PasswordChange, client: Client) {
  const hasher = yield* PasswordHasher
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  const { user, sessionId } = caller
  const previous = yield* confirmPassword(caller, change.current, "password.changed", client)
  const next = yield* hasher.hash(change.next)
  return yield* unit.transaction(
    Effect.gen(function* () {
      yield* rightGuess(user.email, client)
      if (!(yield* users.rehashed(user.id, previous, next))) return { isChanged: false, secret: undefined }
      yield* closeAll(user.id, "password-changed", client, { except: sessionId })
      yield* holdOwn(caller)
      yield* record({ type: "password.changed", client, userId: user.id, sessionId })
      return { isChanged: true, secret: yield* renewed(change.secret) }
    })
  )
})

/**
 * Gives the caller's account another password and ends every other session of theirs. Who comes second of two is asked again
 * for the current password: it is wrong by now, unless a sign-in has only hashed the same one anew. Answers with the new
 * secret of a cookie session.
 */
export const changePassword = Effect.fn("changePassword")(function* (
  caller: Principal,
  change: PasswordChange,
  client: Client
) {
  const { isCommon } = yield* CommonPasswords
  const next = yield* Effect.fromResult(acceptPassword(change.next, caller.user, yield* isCommon))
  const { secret } = yield* Effect.repeat(attempt(caller, { ...change, next }, client), {
    until: ({ isChanged }) => isChanged
  })
  return secret
})
