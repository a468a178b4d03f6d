import { Effect } from "effect"
import { refuseWithout } from "../access/authorize.ts"
import { administer } from "../access/changeAccess.ts"
import { missingToActOn } from "../access/escalation.ts"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { closeAll } from "../session/closeAll.ts"
import { member } from "./Member.ts"
import { User, type UserId } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/**
 * Keeps somebody from signing in and ends their sessions, or lets them in again. Who is told so once more is told so whole: the
 * call before may have been cut off before everybody knew.
 */
export const setDisabled = Effect.fn("setDisabled")(function* (
  caller: Principal,
  id: UserId,
  disabled: boolean,
  client: Client
) {
  const users = yield* UserRepository
  const actorId = caller.user.id
  return yield* administer(
    caller,
    "user:write",
    Effect.fnUntraced(function* ({ held, roles }) {
      const { user, grants } = yield* member(id, roles)
      yield* refuseWithout(missingToActOn(held, grants))
      yield* users.setDisabled(id, disabled)
      if (disabled) yield* closeAll(id, "user-disabled", client, { actorId })
      if (user.disabled !== disabled) {
        yield* record({
          type: disabled ? "user.disabled" : "user.enabled",
          client,
          userId: id,
          actorId,
          sessionId: caller.sessionId
        })
      }
      return { user: new User({ ...user, disabled }), grants }
    })
  )
})
