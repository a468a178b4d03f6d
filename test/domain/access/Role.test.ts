import { fc, test } from "@fast-check/vitest"
import { Result, Schema } from "effect"
import { describe, expect } from "vitest"
import { admin, builtInRoles, isBuiltIn, operator, RoleName, viewer } from "../../../src/domain/access/Role.ts"

const read = Schema.decodeUnknownResult(RoleName)

describe("a role's name", () => {
  test.each(["a", "viewer", "ci-2", "a".repeat(63)])("may be %s", (name) => {
    expect(read(name)).toEqual(Result.succeed(name))
  })

  test.each(["", "A", "2a", "-a", "a_b", "a b", "a.b", "é", "a".repeat(64), "a\n", "__proto__"])(
    "may not be %j, and is told what it may be",
    (name) => {
      const result = read(name)
      expect(Result.isFailure(result) && String(result.failure)).toContain("a lower-case name of at most 63 letters")
    }
  )
})

describe("the built-in roles", () => {
  test("are these three, and known as built in", () => {
    expect(builtInRoles.map(({ name, builtIn }) => [name, builtIn])).toEqual([
      ["viewer", true],
      ["operator", true],
      ["admin", true]
    ])
  })

  test("grant what the contract says", () => {
    expect(viewer.permissions).toEqual(["image:read", "image:carve"])
    expect(operator.permissions).toEqual([
      "image:read",
      "image:carve",
      "image:download",
      "registry:credential",
      "token:introspect"
    ])
    expect(admin.permissions).toEqual(["*"])
  })

  test.prop([fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/u)])("are no others", (name) => {
    expect(isBuiltIn(RoleName.make(name))).toBe(["viewer", "operator", "admin"].includes(name))
    for (const role of builtInRoles) expect(isBuiltIn(role.name)).toBe(true)
  })
})
