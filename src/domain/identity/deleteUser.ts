import { Effect, Equal, Option, type Redacted } from "effect"
import { refuseWithout } from "../access/authorize.ts"
import { administer, changeAccess } from "../access/changeAccess.ts"
import { missingToActOn } from "../access/escalation.ts"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { closeAll } from "../session/closeAll.ts"
import { holdOwn } from "../session/holdOwn.ts"
import { confirmPassword } from "./confirmPassword.ts"
import { rightGuess } from "./guess.ts"
import { member } from "./Member.ts"
import type { UserId } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/** Sessions are closed before they go with their user: that they are revoked is kept apart from them. */
const remove = Effect.fnUntraced(function* (caller: Principal, id: UserId, client: Client) {
  const users = yield* UserRepository
  const actorId = caller.user.id
  yield* closeAll(id, "user-deleted", client, { actorId })
  yield* users.remove(id)
  yield* record({ type: "user.deleted", client, userId: id, actorId, sessionId: caller.sessionId })
})

/** Deletes somebody and whatever is theirs; what they did stays in the event trail. */
export const deleteUser = Effect.fn("deleteUser")(function* (caller: Principal, id: UserId, client: Client) {
  yield* administer(
    caller,
    "user:write",
    Effect.fnUntraced(function* ({ held, roles }) {
      const { grants } = yield* member(id, roles)
      yield* refuseWithout(missingToActOn(held, grants))
      yield* remove(caller, id, client)
    })
  )
})

/** False when the password's hash was replaced while it was checked. */
const attemptOwn = Effect.fnUntraced(function* (
  caller: Principal,
  password: Redacted.Redacted<string>,
  client: Client
) {
  const users = yield* UserRepository
  const { id, email } = caller.user
  const proved = yield* confirmPassword(caller, password, "user.deleted", client)
  return yield* changeAccess(
    Effect.fnUntraced(function* () {
      yield* rightGuess(email, client)
      yield* users.hold(id)
      const account = Option.getOrUndefined(yield* users.findAccount(email))
      if (account?.user.id !== id || !Equal.equals(account.passwordHash, proved)) return false
      yield* holdOwn(caller)
      yield* remove(caller, id, client)
      return true
    })
  )
})

/**
 * As `deleteUser`, by the users themselves, who show once more that they are who they are; and again when their password was
 * changed, or the account deleted, by the time that was shown.
 */
export const deleteOwn = Effect.fn("deleteOwn")(function* (
  caller: Principal,
  password: Redacted.Redacted<string>,
  client: Client
) {
  yield* Effect.repeat(attemptOwn(caller, password, client), { until: (isDeleted) => isDeleted })
})
