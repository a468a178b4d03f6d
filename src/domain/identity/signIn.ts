import { DateTime, Effect, Option, type Redacted, Schema } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import { Identifiers } from "../Identifiers.ts"
import { openTokenSession } from "../session/openTokenSession.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { issue, newRefreshToken } from "../token/issue.ts"
import type { Email } from "./Email.ts"
import { normalize } from "./Password.ts"
import { type PasswordHash, PasswordHasher } from "./PasswordHasher.ts"
import { User, type UserId } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/** The same for an unknown address, a wrong password and a disabled account. */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", {}) {}

export interface Credentials {
  readonly email: Email
  readonly password: Redacted.Redacted<string>
}

const refuse = Effect.fnUntraced(function* (reason: string, client: Client, userId?: UserId) {
  yield* record({
    type: "sign-in.failed",
    outcome: "failure",
    client,
    ...(userId === undefined ? {} : { userId }),
    detail: { reason }
  })
  return yield* new InvalidCredentials()
})

/**
 * Who these credentials belong to. Every refusal costs one password check and one event, so that neither the answer nor
 * its time tells which it was (OWASP ASVS 5.0 §6.3.8).
 */
const prove = Effect.fn("prove")(function* ({ email, password }: Credentials, client: Client) {
  const users = yield* UserRepository
  const hasher = yield* PasswordHasher
  const account = Option.getOrUndefined(yield* users.findAccount(email))
  if (account === undefined) {
    yield* hasher.verifyNothing(password)
    return yield* refuse("unknown-email", client)
  }
  const { user, passwordHash } = account
  const { matches, outdated } = yield* hasher.verify(password, passwordHash)
  if (!matches) return yield* refuse("wrong-password", client, user.id)
  if (user.disabled) return yield* refuse("disabled", client, user.id)
  return { user, outdatedHash: outdated ? Option.some(passwordHash) : Option.none<PasswordHash>() }
})

/** A new session for whoever the credentials belong to, beside the sessions they have. */
export const signIn = Effect.fn("signIn")(function* (credentials: Credentials, client: Client) {
  const identifiers = yield* Identifiers
  const hasher = yield* PasswordHasher
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  const password = normalize(credentials.password)
  const { user, outdatedHash } = yield* prove({ ...credentials, password }, client)
  // Who proved who they are is let in though there is no room for one more hash now: the upgrade waits for the next time.
  const renewed = Option.isSome(outdatedHash) ? yield* Effect.option(hasher.hash(password)) : Option.none()
  const upgrade = Option.zipWith(outdatedHash, renewed, (from, to) => ({ from, to }))
  const refreshToken = yield* newRefreshToken(yield* identifiers.session, user.id)
  const now = yield* DateTime.now
  yield* unit.transaction(
    Effect.gen(function* () {
      yield* users.signedIn(user.id, now)
      if (Option.isSome(upgrade)) yield* users.rehashed(user.id, upgrade.value.from, upgrade.value.to)
      yield* openTokenSession(refreshToken, client)
    })
  )
  return yield* issue(new User({ ...user, lastLoginAt: now }), refreshToken)
})
