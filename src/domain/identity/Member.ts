import { Effect, Option } from "effect"
import { grantsOf } from "../access/authorize.ts"
import type { Grant } from "../access/Permission.ts"
import type { Role } from "../access/Role.ts"
import { NotFound } from "../NotFound.ts"
import type { User, UserId } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/** A user as administrators see them: with what they may do at this moment. */
export interface Member {
  readonly user: User
  readonly grants: ReadonlyArray<Grant>
}

export const memberAmong =
  (roles: ReadonlyArray<Role>) =>
  (user: User): Member => ({ user, grants: grantsOf(user.roles, roles) })

/** The user of that id, or `NotFound`. */
export const member = Effect.fnUntraced(function* (id: UserId, roles: ReadonlyArray<Role>) {
  const users = yield* UserRepository
  const found = yield* users.findById(id)
  return Option.isSome(found) ? memberAmong(roles)(found.value) : yield* new NotFound({ what: "user" })
})
