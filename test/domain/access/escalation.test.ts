import { fc, test } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { grantsOf } from "../../../src/domain/access/authorize.ts"
import { missingToActOn, missingToAssign, missingToDefine } from "../../../src/domain/access/escalation.ts"
import type { Grant } from "../../../src/domain/access/Permission.ts"
import { definitions, grants, names, permission } from "./arbitrary.ts"

/** Whatever these grants allow, the others allow as well. */
const covers = (held: ReadonlyArray<Grant>, others: ReadonlyArray<Grant>) =>
  held.includes("*") || (!others.includes("*") && others.every((other) => held.includes(other)))

describe("assigning roles", () => {
  test.prop([grants, names, names, definitions])(
    "leaves nobody with more than they and the one who assigns had before",
    (held, before, after, roles) => {
      if (missingToAssign(held, before, after, roles) !== undefined) return
      expect(covers([...held, ...grantsOf(before, roles)], grantsOf(after, roles))).toBe(true)
    }
  )

  test.prop([names, names, definitions])("raises nobody who assigns to themselves", (before, after, roles) => {
    const held = grantsOf(before, roles)
    if (missingToAssign(held, before, after, roles) !== undefined) return
    expect(covers(held, grantsOf(after, roles))).toBe(true)
  })

  test.prop([grants, names, names, definitions])("names what is missing, and that it is missing", (...given) => {
    const [held] = given
    const missing = missingToAssign(...given)
    if (missing === undefined) return
    expect(covers(held, [missing])).toBe(false)
    expect(missingToAssign(["*"], given[1], given[2], given[3])).toBeUndefined()
  })

  test.prop([grants, names, definitions])("grants nothing by leaving what somebody has", (held, before, roles) => {
    fc.pre(!grantsOf(before, roles).includes("*"))
    expect(missingToAssign(held, before, before, roles)).toBeUndefined()
    expect(missingToAssign(held, before, [], roles)).toBeUndefined()
  })

  test.prop([fc.uniqueArray(permission), names, names, definitions])(
    "is not for those who are no administrators where one is concerned",
    (held, before, after, roles) => {
      if (grantsOf(before, roles).includes("*") || grantsOf(after, roles).includes("*")) {
        expect(missingToAssign(held, before, after, roles)).toBe("*")
      }
    }
  )
})

describe("defining a role", () => {
  test.prop([grants, grants, grants])(
    "leaves those who have it with no more than they and the one who defines had before",
    (held, before, after) => {
      if (missingToDefine(held, before, after) !== undefined) return
      expect(covers([...held, ...before], after)).toBe(true)
    }
  )

  test.prop([fc.uniqueArray(permission), grants, grants])(
    "makes and unmakes administrators by administrators alone",
    (held, before, after) => {
      if (before.includes("*") || after.includes("*")) {
        expect(missingToDefine(held, before, after)).toBeDefined()
      }
    }
  )

  test.prop([grants, fc.uniqueArray(permission), fc.uniqueArray(permission)])(
    "takes nothing but what it adds: what a role has, others have granted",
    (held, before, more) => {
      const missing = missingToDefine(held, before, [...before, ...more])
      expect(missing).toBe(more.find((each) => !before.includes(each) && !covers(held, [each])))
      expect(missingToDefine([], before, before)).toBeUndefined()
    }
  )

  test.prop([grants, grants])("is everybody's who holds all of it", (before, after) => {
    expect(missingToDefine(["*"], before, after)).toBeUndefined()
    if (!before.includes("*")) expect(missingToDefine(after, before, after)).toBeUndefined()
  })
})

describe("acting on somebody", () => {
  test.prop([grants, grants])("is for everybody but where an administrator is concerned", (held, theirs) => {
    expect(missingToActOn(held, theirs)).toBe(theirs.includes("*") && !held.includes("*") ? "*" : undefined)
  })
})
