import { Effect, Option } from "effect"
import { heldRoles, roleNamed } from "../access/definedRoles.ts"
import type { RoleName } from "../access/Role.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { NotFound } from "../NotFound.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import type { Email } from "./Email.ts"
import { UserRepository } from "./UserRepository.ts"

/** Gives a role to a user, on an operator's behalf. True when the user did not have it before. */
export const grantRole = Effect.fn("grantRole")(function* (email: Email, name: RoleName, client: Client) {
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  return yield* unit.transaction(
    Effect.gen(function* () {
      const role = yield* roleNamed(name, yield* heldRoles)
      const account = yield* users.findAccount(email)
      if (Option.isNone(account)) return yield* new NotFound({ what: "user" })
      const { id } = account.value.user
      const isNew = yield* users.grant(id, role.name)
      if (isNew)
        yield* record({ type: "roles.changed", client, userId: id, actorId: null, detail: { granted: role.name } })
      return isNew
    })
  )
})
