import { test } from "@fast-check/vitest"
import { DateTime } from "effect"
import { describe, expect } from "vitest"
import { isTrusted, trustedUntil } from "../../../src/domain/key/Key.ts"
import { instant } from "../../support/arbitrary.ts"

describe("a key's tokens", () => {
  test.prop([instant])("are accepted while it signs, and before: another process may have begun", (now) => {
    expect(isTrusted({ _tag: "Next" }, now)).toBe(true)
    expect(isTrusted({ _tag: "Current" }, now)).toBe(true)
  })

  test.prop([instant])("are accepted until the deadline of one that retires, and not from then on", (until) => {
    expect(isTrusted({ _tag: "Retiring", until }, DateTime.subtract(until, { milliseconds: 1 }))).toBe(true)
    expect(isTrusted({ _tag: "Retiring", until }, until)).toBe(false)
    expect(trustedUntil({ _tag: "Retiring", until })).toBe(DateTime.toEpochMillis(until))
  })
})
