import { DateTime, Effect, type Redacted } from "effect"
import { definedRoles, heldRoles, roleNamed } from "../access/definedRoles.ts"
import type { RoleName } from "../access/Role.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { Identifiers } from "../Identifiers.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { CommonPasswords } from "./CommonPasswords.ts"
import type { Email } from "./Email.ts"
import { acceptPassword } from "./Password.ts"
import { PasswordHasher } from "./PasswordHasher.ts"
import { User } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/** Makes an account on an operator's behalf: with whatever role, and without signing anybody in. */
export const createUser = Effect.fn("createUser")(function* (
  request: { readonly email: Email; readonly password: Redacted.Redacted<string>; readonly role: RoleName },
  client: Client
) {
  const { isCommon } = yield* CommonPasswords
  const hasher = yield* PasswordHasher
  const identifiers = yield* Identifiers
  const users = yield* UserRepository
  const unit = yield* UnitOfWork
  const owner = { email: request.email, name: null }
  const role = yield* roleNamed(request.role, yield* definedRoles)
  const password = yield* Effect.fromResult(acceptPassword(request.password, owner, yield* isCommon))
  const passwordHash = yield* hasher.hash(password)
  const user = new User({
    ...owner,
    id: yield* identifiers.user,
    roles: [role.name],
    disabled: false,
    createdAt: yield* DateTime.now,
    lastLoginAt: null
  })
  yield* unit.transaction(
    Effect.gen(function* () {
      // Hashing took its time: the role may be gone.
      yield* roleNamed(role.name, yield* heldRoles)
      yield* users.create(user, passwordHash)
      yield* record({ type: "user.registered", client, userId: user.id, actorId: null, detail: { role: role.name } })
    })
  )
  return user
})
