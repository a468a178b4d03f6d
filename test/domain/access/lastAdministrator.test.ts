import { test } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { authorize, grantsOf } from "../../../src/domain/access/authorize.ts"
import { administrativeRoles } from "../../../src/domain/access/lastAdministrator.ts"
import { definitions, names, permission } from "./arbitrary.ts"

describe("an administrator", () => {
  test.prop([names, definitions, permission])(
    "has a role that makes one, and may do everything",
    (held, roles, asked) => {
      const administers = held.some((name) => administrativeRoles(roles).includes(name))
      const all = grantsOf(held, roles)
      expect(all.includes("*")).toBe(administers)
      if (administers) expect(authorize(all, asked)).toBe(true)
    }
  )
})
