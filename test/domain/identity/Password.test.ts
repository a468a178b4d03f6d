import { fc, test } from "@fast-check/vitest"
import { Redacted, Result } from "effect"
import { describe, expect } from "vitest"
import { Email } from "../../../src/domain/identity/Email.ts"
import { acceptPassword, MAX_LENGTH, MIN_LENGTH, normalize } from "../../../src/domain/identity/Password.ts"
import { DisplayName } from "../../../src/domain/identity/User.ts"

const owner = { email: Email.make("ada.lovelace@example.com"), name: DisplayName.make("Augusta King") }
const COMMON = new Set(["passwordpassword", "qwerty", "correcthorsebatterystaple"])

/** What the policy says of a password: the accepted form, or the rule that was broken. */
const judge = (password: string) => {
  const decision = acceptPassword(Redacted.make(password), owner, (each) => COMMON.has(each))
  return Result.isSuccess(decision)
    ? { accepted: Redacted.value(decision.success) }
    : { refused: decision.failure.rule }
}

const characters = fc.string({ unit: "grapheme", minLength: MIN_LENGTH, maxLength: 60 })
const count = (text: string) => [...text.normalize("NFC")].length

describe("a new password", () => {
  test.prop([fc.string({ unit: "grapheme", maxLength: 20 })])("is refused as too short below 15 characters", (text) => {
    fc.pre(count(text) < MIN_LENGTH)
    expect(judge(text)).toEqual({ refused: "too-short" })
  })

  test.prop([fc.integer({ min: MAX_LENGTH + 1, max: 2000 })])(
    "is refused as too long beyond 256 characters",
    (length) => {
      expect(judge("é".repeat(length))).toEqual({ refused: "too-long" })
    }
  )

  test("is refused as too long unread where it is too long in any form", () => {
    const boundless = "e\u0301".repeat(MAX_LENGTH * 4 + 1)
    expect(judge(boundless)).toEqual({ refused: "too-long" })
    expect(Redacted.value(normalize(Redacted.make(boundless)))).toBe(boundless)
  })

  test.prop([characters])("needs nothing but its length, whatever characters it is made of", (text) => {
    fc.pre(count(text) >= MIN_LENGTH && new Set(text.toLowerCase()).size > 5)
    expect(judge(text)).toEqual({ accepted: text.normalize("NFC") })
  })

  test.prop([characters])("is the same password from every keyboard: composed or decomposed", (text) => {
    expect(judge(text.normalize("NFD"))).toEqual(judge(text.normalize("NFC")))
  })

  test("counts characters, not bytes or UTF-16 units", () => {
    expect(judge("🔑🗝️🔒🔓🔏🔐🛡️🚪")).toEqual({ refused: "too-short" })
    expect(judge("🔑🗝🔒🔓🔏🔐🛡🚪🏠🏡🏢🏣🏤🏥🏦")).toHaveProperty("accepted")
  })

  test("may have as many characters as is said, in whatever form they come", () => {
    const longest = Array.from({ length: MAX_LENGTH }, (_, index) => String.fromCodePoint(0x1f300 + index)).join("")
    expect(judge(longest)).toEqual({ accepted: longest })
    const composed = `a sea ${"\u01d6".repeat(MAX_LENGTH - 6)}`
    expect(judge(composed.normalize("NFD"))).toEqual({ accepted: composed })
  })

  test("keeps leading and trailing spaces", () => {
    expect(judge("  a long way to the sea  ")).toEqual({ accepted: "  a long way to the sea  " })
  })

  test.prop([
    fc.constantFrom("ada.lovelace@example.com", "ada.lovelace", "Augusta King", "keyhole"),
    fc.integer({ min: 1, max: 8 }),
    fc.boolean()
  ])(
    "is refused when it is the owner's email, its local part, name or the product, alone or repeated",
    (part, times, upper) => {
      const text = part.repeat(times)
      fc.pre(text.length >= MIN_LENGTH)
      expect(judge(upper ? text.toUpperCase() : text)).toEqual({ refused: "personal" })
    }
  )

  test.prop([fc.constantFrom(...COMMON), fc.integer({ min: 1, max: 6 })])(
    "is refused when it is a commonly used one, alone or repeated, in any case",
    (common, times) => {
      const text = common.repeat(times)
      fc.pre(text.length >= MIN_LENGTH)
      expect(judge(text)).toEqual({ refused: "common" })
      expect(judge(text.toUpperCase())).toEqual({ refused: "common" })
    }
  )

  test("may be anybody's whose name is not known", () => {
    const nameless = { ...owner, name: null }
    const decide = (text: string) => acceptPassword(Redacted.make(text), nameless, (each) => COMMON.has(each))
    expect(Result.isSuccess(decide("a long way to the sea"))).toBe(true)
    expect(Result.isFailure(decide("ada.lovelaceada.lovelace"))).toBe(true)
  })

  test("may contain a common password or a name among other things", () => {
    expect(judge("ada.lovelace likes qwerty")).toHaveProperty("accepted")
    expect(judge("qwerty is what ada.lovelace likes")).toHaveProperty("accepted")
  })
})
