import { Effect, Schema } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { refuseWithout } from "./authorize.ts"
import { administer } from "./changeAccess.ts"
import { missingToDefine } from "./escalation.ts"
import type { Grant } from "./Permission.ts"
import type { Principal } from "./Principal.ts"
import { isBuiltIn, Role, type RoleName } from "./Role.ts"
import { RoleRepository } from "./RoleRepository.ts"

/** The role is part of the service, and as it is. */
export class BuiltInRole extends Schema.TaggedError<BuiltInRole>()("BuiltInRole", { name: Schema.String }) {}

const isSame = (one: ReadonlyArray<Grant>, other: ReadonlyArray<Grant>): boolean => one.join(" ") === other.join(" ")

/** Defines a role, or changes what it grants, at once and for everybody who has it. */
export const defineRole = Effect.fn("defineRole")(function* (
  caller: Principal,
  name: RoleName,
  wanted: ReadonlyArray<Grant>,
  client: Client
) {
  const store = yield* RoleRepository
  const permissions = [...new Set(wanted)].toSorted()
  return yield* administer(
    caller,
    "role:write",
    Effect.fnUntraced(function* ({ held, roles }) {
      if (isBuiltIn(name)) return yield* new BuiltInRole({ name })
      const before = roles.find((role) => role.name === name)
      yield* refuseWithout(missingToDefine(held, before?.permissions ?? [], permissions))
      const role = new Role({ name, permissions, builtIn: false })
      const isNew = before === undefined
      // Told to all once more where nothing changes, as in `assignRoles`.
      yield* store.define(name, permissions)
      if (isNew || !isSame(before.permissions, permissions)) {
        yield* record({
          type: "role.changed",
          client,
          actorId: caller.user.id,
          sessionId: caller.sessionId,
          detail: { role: name, change: isNew ? "defined" : "changed", permissions: permissions.join(" ") }
        })
      }
      return { role, isNew }
    })
  )
})
