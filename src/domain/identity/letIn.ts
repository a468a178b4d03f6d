import { type DateTime, Effect, Equal, Option } from "effect"
import type { Client } from "../Client.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { rightGuess } from "./guess.ts"
import { InvalidCredentials, type Proof, refuse } from "./prove.ts"
import { User } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/**
 * Lets in who proved who they are: `opening` makes their session, in the unit of work in which it is found that what was
 * proved still holds. While the password was being checked it may have been changed, and the account disabled or deleted.
 */
export const letIn = Effect.fn("letIn")(function* <A, E, R>(
  { account, upgrade }: Proof,
  now: DateTime.Utc,
  client: Client,
  opening: Effect.Effect<A, E, R>
) {
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  const { user, passwordHash } = account
  return yield* unit
    .transaction(
      Effect.gen(function* () {
        yield* rightGuess(user.email, client)
        // Whoever changes the user waits from here on, or has been waited for.
        yield* users.signedIn(user.id, now)
        const current = Option.getOrUndefined(yield* users.findAccount(user.email))
        const holds =
          current?.user.id === user.id && !current.user.disabled && Equal.equals(current.passwordHash, passwordHash)
        if (!holds) return yield* new InvalidCredentials()
        if (Option.isSome(upgrade)) yield* users.rehashed(user.id, passwordHash, upgrade.value)
        return { user: new User({ ...current.user, lastLoginAt: now }), opened: yield* opening }
      })
    )
    .pipe(Effect.catchTag("InvalidCredentials", () => refuse(user.email, "changed-meanwhile", client, user.id)))
})
