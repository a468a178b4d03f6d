import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import { TokenRevoked } from "../token/TokenError.ts"
import { type DisplayName, User } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/** Gives the caller another name to show, or none. */
export const rename = Effect.fn("rename")(function* ({ user }: Principal, name: DisplayName | null) {
  const users = yield* UserRepository
  if (!(yield* users.rename(user.id, name))) return yield* new TokenRevoked()
  return new User({ ...user, name })
})
