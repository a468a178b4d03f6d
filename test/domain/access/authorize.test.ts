import { fc, test } from "@fast-check/vitest"
import { Effect } from "effect"
import { describe, expect } from "vitest"
import { authorize, grantsOf, refuseWithout } from "../../../src/domain/access/authorize.ts"
import { Permission } from "../../../src/domain/access/Permission.ts"
import { admin, builtInRoles, operator, Role, RoleName, viewer } from "../../../src/domain/access/Role.ts"

const permission = fc.constantFrom(...Permission.literals)
const roleName = fc.constantFrom("auditor", "janitor", "pilot").map((name) => RoleName.make(name))
const role = fc
  .record({ name: roleName, permissions: fc.uniqueArray(permission) })
  .map((fields) => new Role({ ...fields, builtIn: false }))
const roles = fc.uniqueArray(role, { selector: (each) => each.name })

describe("authorize", () => {
  test.prop([permission])("what is missing is named in the refusal, and nothing missing is no refusal", (missing) => {
    expect(Effect.runSync(Effect.flip(refuseWithout(missing)))).toMatchObject({
      _tag: "Forbidden",
      permission: missing
    })
    expect(Effect.runSyncExit(refuseWithout(undefined))._tag).toBe("Success")
  })

  test.prop([permission])("nobody may do anything without a grant", (asked) => {
    expect(authorize([], asked)).toBe(false)
  })

  test.prop([permission])("an administrator may do everything", (asked) => {
    expect(authorize(grantsOf([admin.name], builtInRoles), asked)).toBe(true)
  })

  test.prop([roles, fc.uniqueArray(roleName), permission])(
    "a permission is held exactly when one of the roles has it",
    (defined, held, asked) => {
      const granted = defined.some((each) => held.includes(each.name) && each.permissions.includes(asked))
      expect(authorize(grantsOf(held, defined), asked)).toBe(granted)
    }
  )

  test.prop([roles, fc.uniqueArray(roleName), roleName])(
    "one more role never takes anything away",
    (defined, held, more) => {
      const before = grantsOf(held, defined)
      const after = grantsOf([...held, more], defined)
      expect(before.every((grant) => grant !== "*" && authorize(after, grant))).toBe(true)
    }
  )

  test.prop([fc.uniqueArray(roleName)])("a role that is not defined grants nothing", (held) => {
    expect(grantsOf(held, [])).toEqual([])
  })

  test.prop([fc.shuffledSubarray([viewer.name, operator.name], { minLength: 1 })])(
    "grants do not depend on the order of roles, and none is named twice",
    (held) => {
      const grants = grantsOf(held, builtInRoles)
      expect(grants).toEqual(grantsOf(held.toReversed(), builtInRoles))
      expect(new Set(grants).size).toBe(grants.length)
    }
  )
})

describe("the built-in roles", () => {
  test.prop([permission])("an operator may do whatever a viewer may", (asked) => {
    if (authorize(viewer.permissions, asked)) expect(authorize(operator.permissions, asked)).toBe(true)
  })

  test("a viewer reads and carves, an operator downloads, keeps credentials and introspects besides", () => {
    expect(grantsOf([viewer.name], builtInRoles)).toEqual(["image:carve", "image:read"])
    expect(grantsOf([operator.name], builtInRoles)).toEqual([
      "image:carve",
      "image:download",
      "image:read",
      "registry:credential",
      "token:introspect"
    ])
  })

  test("whoever holds everything has nothing else named beside it", () => {
    expect(grantsOf([viewer.name, admin.name], builtInRoles)).toEqual(["*"])
  })
})
