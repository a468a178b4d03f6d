import { Effect, Schema } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { refuseWithout } from "./authorize.ts"
import { administer } from "./changeAccess.ts"
import { BuiltInRole } from "./defineRole.ts"
import { roleNamed } from "./definedRoles.ts"
import { missingToActOn } from "./escalation.ts"
import type { Principal } from "./Principal.ts"
import { isBuiltIn, type RoleName } from "./Role.ts"
import { RoleRepository } from "./RoleRepository.ts"

/** Somebody has the role: who removes it has to say first what they shall have instead. */
export class RoleInUse extends Schema.TaggedError<RoleInUse>()("RoleInUse", { name: Schema.String }) {}

/** Removes a role that nobody has. */
export const removeRole = Effect.fn("removeRole")(function* (caller: Principal, name: RoleName, client: Client) {
  const store = yield* RoleRepository
  const users = yield* UserRepository
  yield* administer(
    caller,
    "role:write",
    Effect.fnUntraced(function* ({ held, roles }) {
      if (isBuiltIn(name)) return yield* new BuiltInRole({ name })
      const role = yield* roleNamed(name, roles)
      yield* refuseWithout(missingToActOn(held, role.permissions))
      if (yield* users.isAnyWith(name)) return yield* new RoleInUse({ name })
      yield* store.remove(name)
      yield* record({
        type: "role.changed",
        client,
        actorId: caller.user.id,
        sessionId: caller.sessionId,
        detail: { role: name, change: "removed" }
      })
    })
  )
})
