import { DateTime, Effect, type Redacted } from "effect"
import { viewer } from "../access/Role.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { Identifiers } from "../Identifiers.ts"
import { openTokenSession } from "../session/openTokenSession.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { issue, newRefreshToken } from "../token/issue.ts"
import { CommonPasswords } from "./CommonPasswords.ts"
import type { Email } from "./Email.ts"
import { admitGuess, failedGuess } from "./guess.ts"
import { Guesses } from "./Guesses.ts"
import { acceptPassword } from "./Password.ts"
import { PasswordHasher } from "./PasswordHasher.ts"
import { type DisplayName, User } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

export interface Registration {
  readonly email: Email
  readonly password: Redacted.Redacted<string>
  readonly name: DisplayName | null
}

/**
 * Makes an account with the role `viewer` and signs its owner in. That an address is taken tells who has an account: it
 * counts as a failed guess of the place it is asked from, of the account it is not.
 */
export const register = Effect.fn("register")(function* (registration: Registration, client: Client) {
  const { isCommon } = yield* CommonPasswords
  const guesses = yield* Guesses
  const hasher = yield* PasswordHasher
  const identifiers = yield* Identifiers
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  yield* admitGuess(null, client)
  const password = yield* Effect.fromResult(acceptPassword(registration.password, registration, yield* isCommon))
  const passwordHash = yield* hasher.hash(password)
  const now = yield* DateTime.now
  const user = new User({
    id: yield* identifiers.user,
    email: registration.email,
    name: registration.name,
    roles: [viewer.name],
    disabled: false,
    createdAt: now,
    lastLoginAt: now
  })
  const refreshToken = yield* newRefreshToken(yield* identifiers.session, user.id)
  const entered = unit.transaction(
    Effect.gen(function* () {
      yield* users.create(user, passwordHash)
      yield* record({ type: "user.registered", client, userId: user.id })
      // The verdict is not minded: who guessed at the address before it had an account keeps nobody from making it.
      yield* guesses.succeeded({ email: user.email, ipAddress: client.ipAddress }, now)
      yield* openTokenSession(refreshToken, client)
    })
  )
  yield* Effect.catchTag(entered, "EmailTaken", (taken) =>
    Effect.andThen(failedGuess(null, client), Effect.fail(taken))
  )
  return yield* issue(user, refreshToken)
})
