import { Effect, Layer } from "effect"
import type { User } from "../../domain/identity/User.ts"
import { UserRepository } from "../../domain/identity/UserRepository.ts"
import { remembering } from "../change/remembered.ts"

// Less than 1 KB each.
const CAPACITY = 10_000

/** The users of the database, of whom those who call often are in memory: every request asks who its caller is now. */
export const rememberedUsers = Layer.effect(
  UserRepository,
  Effect.gen(function* () {
    const users = yield* UserRepository
    const byId = yield* remembering<User>({
      capacity: CAPACITY,
      forgets: (change) => (change.kind === "user" ? change.subject : undefined)
    })
    return UserRepository.of({ ...users, findById: (id) => byId(id, users.findById(id)) })
  })
)
