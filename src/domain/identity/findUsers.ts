import { Effect } from "effect"
import { definedRoles } from "../access/definedRoles.ts"
import { pageOf } from "../pageOf.ts"
import type { Email } from "./Email.ts"
import { member, memberAmong } from "./Member.ts"
import type { UserId } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

interface UsersWanted {
  readonly query?: string
  readonly after?: Email
  readonly limit: number
}

/** One page of all users, in the order of their addresses; `next` is where the one after it begins. */
export const findUsers = Effect.fn("findUsers")(function* ({ limit, ...wanted }: UsersWanted) {
  const users = yield* UserRepository
  const { items, last } = pageOf(yield* users.page({ ...wanted, limit: limit + 1 }), limit)
  return { members: items.map(memberAmong(yield* definedRoles)), ...(last !== undefined && { next: last.email }) }
})

export const findUser = Effect.fn("findUser")(function* (id: UserId) {
  return yield* member(id, yield* definedRoles)
})
