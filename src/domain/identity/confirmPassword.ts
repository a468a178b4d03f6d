import { Effect, Option, type Redacted, Schema } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import type { EventType } from "../event/SecurityEvent.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { admitGuess, failedGuess } from "./guess.ts"
import { normalize } from "./Password.ts"
import { PasswordHasher } from "./PasswordHasher.ts"
import { UserRepository } from "./UserRepository.ts"

/** The caller is known, and does not know the account's password. */
export class WrongPassword extends Schema.TaggedError<WrongPassword>()("WrongPassword", {}) {}

/**
 * Whoever has a session shows that they know the password too, before they do `what` (OWASP ASVS 5.0 §7.5.1): a guess as any at
 * the door. Answers with the hash that the password was checked against; the unit of work that goes on from it says
 * `rightGuess`.
 */
export const confirmPassword = Effect.fn("confirmPassword")(function* (
  { user, sessionId }: Principal,
  password: Redacted.Redacted<string>,
  what: Extract<EventType, "password.changed" | "user.deleted">,
  client: Client
) {
  const users = yield* UserRepository
  const hasher = yield* PasswordHasher
  yield* admitGuess(user.email, client)
  const account = Option.getOrUndefined(yield* users.findAccount(user.email))
  // Deleted meanwhile; the address may be somebody else's by now.
  if (account?.user.id !== user.id) return yield* new TokenRevoked()
  const { matches } = yield* hasher.verify(normalize(password), account.passwordHash)
  if (matches) return account.passwordHash
  yield* failedGuess(user.email, client, {
    type: what,
    userId: user.id,
    sessionId,
    detail: { reason: "wrong-password" }
  })
  return yield* new WrongPassword()
})
