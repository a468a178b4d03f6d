import { Effect } from "effect"
import { refuseWithout } from "../access/authorize.ts"
import { actingFor } from "../access/changeAccess.ts"
import { heldRoles } from "../access/definedRoles.ts"
import { missingToActOn } from "../access/escalation.ts"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { member } from "../identity/Member.ts"
import type { UserId } from "../identity/User.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { closeAll } from "./closeAll.ts"

/** Ends all sessions of somebody, who may sign in again. */
export const endSessions = Effect.fn("endSessions")(function* (caller: Principal, id: UserId, client: Client) {
  const unit = yield* UnitOfWork
  const end = actingFor(
    caller,
    "user:write",
    Effect.fnUntraced(function* ({ held, roles }) {
      const { grants } = yield* member(id, roles)
      yield* refuseWithout(missingToActOn(held, grants))
      yield* closeAll(id, "closed-by-administrator", client, { actorId: caller.user.id })
    })
  )
  yield* unit.transaction(Effect.flatMap(heldRoles, end))
})
