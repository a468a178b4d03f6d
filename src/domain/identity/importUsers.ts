import { DateTime, Effect, Schema } from "effect"
import { heldRoles } from "../access/definedRoles.ts"
import { type RoleName, viewer } from "../access/Role.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { Identifiers } from "../Identifiers.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { type Email, emailKey } from "./Email.ts"
import { type PasswordHash, PasswordHasher } from "./PasswordHasher.ts"
import { type DisplayName, User } from "./User.ts"
import { UserRepository } from "./UserRepository.ts"

/** An account as another system kept it, and the line it was read from. */
export interface Immigrant {
  readonly line: number
  readonly email: Email
  readonly passwordHash: PasswordHash
  readonly name: DisplayName | null
  readonly roles: ReadonlyArray<RoleName> | undefined
}

export const Fault = Schema.Struct({ line: Schema.Int, reason: Schema.String })
export type Fault = typeof Fault.Type

/** Nothing was imported; every line that is in the way is named. */
export class ImportRefused extends Schema.TaggedError<ImportRefused>()("ImportRefused", {
  faults: Schema.Array(Fault)
}) {}

/** What is wrong with the lines by themselves. */
const faultsOf = (
  all: ReadonlyArray<Immigrant>,
  roles: ReadonlySet<RoleName>,
  accepts: (hash: PasswordHash) => boolean
): ReadonlyArray<Fault> => {
  const firstLines = new Map<string, number>()
  return all.flatMap((one) => {
    const key = emailKey(one.email)
    const first = firstLines.get(key) ?? one.line
    firstLines.set(key, first)
    const reasons = [
      ...(first === one.line ? [] : [`the email address is that of line ${first} too`]),
      ...(accepts(one.passwordHash) ? [] : ["the password hash is of no known form, or costs too much to check"]),
      ...(one.roles ?? []).filter((role) => !roles.has(role)).map((role) => `there is no role ${role}`)
    ]
    return reasons.map((reason) => ({ line: one.line, reason }))
  })
}

/**
 * Makes accounts with the password hashes that another system had of them, on an operator's behalf, all or none. A hash that
 * is not today's is replaced when its owner signs in.
 */
export const importUsers = Effect.fn("importUsers")(function* (all: ReadonlyArray<Immigrant>, client: Client) {
  const { accepts } = yield* PasswordHasher
  const identifiers = yield* Identifiers
  const users = yield* UserRepository
  const unit = yield* UnitOfWork

  /** The fault, if the address is taken. */
  const settle = Effect.fnUntraced(function* ({ line, passwordHash, roles = [viewer.name], ...owner }: Immigrant) {
    const user = new User({
      email: owner.email,
      name: owner.name,
      id: yield* identifiers.user,
      roles: [...new Set(roles)],
      disabled: false,
      createdAt: yield* DateTime.now,
      lastLoginAt: null
    })
    return yield* users.create(user, passwordHash).pipe(
      Effect.andThen(
        record({
          type: "user.registered",
          client,
          userId: user.id,
          actorId: null,
          detail: { imported: "yes", roles: user.roles.join(" ") }
        })
      ),
      Effect.as<ReadonlyArray<Fault>>([]),
      Effect.catchTag("EmailTaken", () =>
        Effect.succeed([{ line, reason: "there is an account with this email address" }])
      )
    )
  })

  yield* unit.transaction(
    Effect.gen(function* () {
      const roles = new Set((yield* heldRoles).map(({ name }) => name))
      const wrong = faultsOf(all, roles, accepts)
      const faulty = new Set(wrong.map(({ line }) => line))
      const taken = yield* Effect.forEach(
        all.filter(({ line }) => !faulty.has(line)),
        settle
      )
      const faults = [...wrong, ...taken.flat()].toSorted((one, other) => one.line - other.line)
      if (faults.length > 0) return yield* new ImportRefused({ faults })
    })
  )
  return all.length
})
