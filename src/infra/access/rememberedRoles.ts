import { Effect, Layer, Option } from "effect"
import type { Role } from "../../domain/access/Role.ts"
import { RoleRepository } from "../../domain/access/RoleRepository.ts"
import { remembering } from "../change/remembered.ts"

const ALL = "all"

/** The roles of the database, in memory as long as nobody changes one. */
export const rememberedRoles = Layer.effect(
  RoleRepository,
  Effect.gen(function* () {
    const roles = yield* RoleRepository
    const known = yield* remembering<ReadonlyArray<Role>>({
      capacity: 1,
      forgets: (change) => (change.kind === "roles" ? ALL : undefined)
    })
    return RoleRepository.of({
      ...roles,
      all: Effect.map(known(ALL, Effect.asSome(roles.all)), Option.getOrThrow)
    })
  })
)
