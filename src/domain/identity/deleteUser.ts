import { Effect, type Redacted } from "effect"
import { refuseWithout } from "../access/authorize.ts"
import { administer, changeAccess } from "../access/changeAccess.ts"
import { missingToActOn } from "../access/escalation.ts"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import { closeAll } from "../session/closeAll.ts"
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

/** As `deleteUser`, by the users themselves, who show once more that they are who they are. */
export const deleteOwn = Effect.fn("deleteOwn")(function* (
  caller: Principal,
  password: Redacted.Redacted<string>,
  client: Client
) {
  yield* confirmPassword(caller, password, "user.deleted", client)
  yield* changeAccess(() =>
    Effect.andThen(rightGuess(caller.user.email, client), remove(caller, caller.user.id, client))
  )
})
