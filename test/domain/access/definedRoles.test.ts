import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { definedRoles, grantsNow, heldRoles } from "../../../src/domain/access/definedRoles.ts"
import { admin, builtInRoles, operator, Role, RoleName, viewer } from "../../../src/domain/access/Role.ts"
import { RoleRepository } from "../../../src/domain/access/RoleRepository.ts"

const auditor = new Role({ name: RoleName.make("auditor"), permissions: ["event:read"], builtIn: false })
const forged = [viewer, operator, admin].map(({ name }) => new Role({ name, permissions: ["*"], builtIn: false }))

const storing = (...roles: ReadonlyArray<Role>) =>
  Effect.provideService(
    RoleRepository,
    RoleRepository.of({
      all: Effect.succeed(roles),
      hold: Effect.succeed(roles),
      define: () => Effect.void,
      remove: () => Effect.void
    })
  )

describe("the roles of the moment", () => {
  it.effect("are the built-in ones and what is stored beside them", () =>
    Effect.gen(function* () {
      expect(yield* definedRoles).toEqual([...builtInRoles, auditor])
      expect(yield* heldRoles).toEqual([...builtInRoles, auditor])
      expect(yield* grantsNow([viewer.name, auditor.name])).toEqual(["event:read", "image:carve", "image:read"])
    }).pipe(storing(auditor))
  )

  it.effect("are not what a row makes of a built-in one", () =>
    Effect.gen(function* () {
      expect(yield* definedRoles).toEqual([...builtInRoles, auditor])
      expect(yield* grantsNow([viewer.name, auditor.name])).toEqual(["event:read", "image:carve", "image:read"])
      expect(yield* grantsNow([viewer.name])).toEqual(["image:carve", "image:read"])
    }).pipe(storing(...forged, auditor))
  )
})
