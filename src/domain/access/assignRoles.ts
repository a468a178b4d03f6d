import { Effect, Schema } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { member, memberAmong } from "../identity/Member.ts"
import { User, type UserId } from "../identity/User.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { refuseWithout } from "./authorize.ts"
import { administer } from "./changeAccess.ts"
import { missingToAssign } from "./escalation.ts"
import type { Principal } from "./Principal.ts"
import { RoleName } from "./Role.ts"

/** Some of the roles that somebody was to have do not exist. */
class RolesUnknown extends Schema.TaggedError<RolesUnknown>()("RolesUnknown", {
  names: Schema.Array(RoleName)
}) {}

const without = (names: ReadonlyArray<RoleName>, others: ReadonlyArray<RoleName>) =>
  names.filter((name) => !others.includes(name))

/** Gives somebody these roles in place of those they have. */
export const assignRoles = Effect.fn("assignRoles")(function* (
  caller: Principal,
  id: UserId,
  wanted: ReadonlyArray<RoleName>,
  client: Client
) {
  const users = yield* UserRepository
  const after = [...new Set(wanted)].toSorted()
  return yield* administer(
    caller,
    "role:assign",
    Effect.fnUntraced(function* ({ held, roles }) {
      const { user } = yield* member(id, roles)
      const names = without(
        after,
        roles.map(({ name }) => name)
      )
      if (names.length > 0) return yield* new RolesUnknown({ names })
      yield* refuseWithout(missingToAssign(held, user.roles, after, roles))
      const [granted, revoked] = [without(after, user.roles), without(user.roles, after)]
      // Told to all once more where nothing changes: the call before may have been cut off before everybody knew.
      yield* users.setRoles(id, after)
      if (granted.length > 0 || revoked.length > 0) {
        yield* record({
          type: "roles.changed",
          client,
          userId: id,
          actorId: caller.user.id,
          sessionId: caller.sessionId,
          detail: {
            ...(granted.length > 0 && { granted: granted.join(" ") }),
            ...(revoked.length > 0 && { revoked: revoked.join(" ") })
          }
        })
      }
      return memberAmong(roles)(new User({ ...user, roles: after }))
    })
  )
})
