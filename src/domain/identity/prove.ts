import { Effect, Option, type Redacted, Schema } from "effect"
import type { Client } from "../Client.ts"
import type { Email } from "./Email.ts"
import { admitGuess, failedGuess } from "./guess.ts"
import { normalize } from "./Password.ts"
import { type PasswordHash, PasswordHasher } from "./PasswordHasher.ts"
import type { UserId } from "./User.ts"
import { type Account, UserRepository } from "./UserRepository.ts"

/** The same for an unknown address, a wrong password and a disabled account. */
export class InvalidCredentials extends Schema.TaggedError<InvalidCredentials>()("InvalidCredentials", {}) {}

export interface Credentials {
  readonly email: Email
  readonly password: Redacted.Redacted<string>
}

/** An account whose password was shown, and the hash of it that is to take the place of one made with weaker parameters. */
export interface Proof {
  readonly account: Account
  readonly upgrade: Option.Option<PasswordHash>
}

/** Leaves a trace of why, and tells nobody. */
export const refuse = Effect.fnUntraced(function* (email: Email, reason: string, client: Client, userId?: UserId) {
  yield* failedGuess(email, client, {
    type: "sign-in.failed",
    ...(userId === undefined ? {} : { userId }),
    detail: { reason }
  })
  return yield* new InvalidCredentials()
})

/**
 * Who these credentials belong to. Every refusal costs one password check, one count and one event, so that neither the
 * answer nor its time tells which it was (OWASP ASVS 5.0 §6.3.8).
 */
export const prove = Effect.fn("prove")(function* (credentials: Credentials, client: Client) {
  const users = yield* UserRepository
  const hasher = yield* PasswordHasher
  const { email } = credentials
  const password = normalize(credentials.password)
  yield* admitGuess(email, client)
  const account = Option.getOrUndefined(yield* users.findAccount(email))
  if (account === undefined) {
    yield* hasher.verifyNothing(password)
    return yield* refuse(email, "unknown-email", client)
  }
  const { user, passwordHash } = account
  const { matches, outdated } = yield* hasher.verify(password, passwordHash)
  if (!matches) return yield* refuse(email, "wrong-password", client, user.id)
  if (user.disabled) return yield* refuse(email, "disabled", client, user.id)
  // Who proved who they are is let in though there is no room for one more hash now: the upgrade waits for the next time.
  const upgrade = outdated ? yield* Effect.option(hasher.hash(password)) : Option.none<PasswordHash>()
  const proof: Proof = { account, upgrade }
  return proof
})
