import { test } from "@fast-check/vitest"
import { Schema } from "effect"
import { describe, expect } from "vitest"
import { DisplayName } from "../../../src/domain/identity/User.ts"

const isName = Schema.is(DisplayName)

describe("a name to show", () => {
  test.each(["Ada", "Ada Lovelace", "用户", "A", "👩‍💻", "José", "=1+1", "<b>", "a".repeat(100), "👩".repeat(100)])(
    "may be %s",
    (name) => expect(isName(name)).toBe(true)
  )

  test.each(["", " ", "\u00a0", "\u200b", "\ufeff\u2060", "a".repeat(101), "a\nb", "a\u0085b", "a\u2028b", "\ud800"])(
    "may not be %j",
    (name) => expect(isName(name)).toBe(false)
  )

  test.each(["\u202eada", "ada\u2067", "a\u200fda"])("may not turn the text that it is shown in, as %j does", (name) =>
    expect(isName(name)).toBe(false)
  )
})
