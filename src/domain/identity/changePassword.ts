import { Effect, type Redacted } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import { closeAll } from "../session/closeAll.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { CommonPasswords } from "./CommonPasswords.ts"
import { confirmPassword } from "./confirmPassword.ts"
import { rightGuess } from "./guess.ts"
import { acceptPassword } from "./Password.ts"
import { PasswordHasher } from "./PasswordHasher.ts"
import { UserRepository } from "./UserRepository.ts"

interface PasswordChange {
  readonly current: Redacted.Redacted<string>
  readonly next: Redacted.Redacted<string>
}

/** True when the password was changed, false when its hash was replaced while this was hashing. */
const attempt = Effect.fnUntraced(function* (
  caller: Principal,
  current: Redacted.Redacted<string>,
  accepted: Redacted.Redacted<string>,
  client: Client
) {
  const hasher = yield* PasswordHasher
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  const { user, sessionId } = caller
  const previous = yield* confirmPassword(caller, current, "password.changed", client)
  const next = yield* hasher.hash(accepted)
  return yield* unit.transaction(
    Effect.gen(function* () {
      yield* rightGuess(user.email, client)
      if (!(yield* users.rehashed(user.id, previous, next))) return false
      yield* closeAll(user.id, "password-changed", client, { except: sessionId })
      yield* record({ type: "password.changed", client, userId: user.id, sessionId })
      return true
    })
  )
})

/**
 * Gives the caller's account another password and ends every other session of theirs. Who comes second of two is asked again
 * for the current password: it is wrong by now, unless a sign-in has only hashed the same one anew.
 */
export const changePassword = Effect.fn("changePassword")(function* (
  caller: Principal,
  { current, next }: PasswordChange,
  client: Client
) {
  const { isCommon } = yield* CommonPasswords
  const accepted = yield* Effect.fromResult(acceptPassword(next, caller.user, yield* isCommon))
  yield* Effect.repeat(attempt(caller, current, accepted, client), { until: (isChanged) => isChanged })
})
