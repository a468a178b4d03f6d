import { fc, test } from "@fast-check/vitest"
import { Result, Schema } from "effect"
import { describe, expect } from "vitest"
import { Email, emailKey, localPart } from "../../../src/domain/identity/Email.ts"

const isEmail = Schema.is(Email)

describe("Email", () => {
  test.each([
    "ada@example.com",
    "ada.lovelace+keyhole@mail.example.co.uk",
    "o'brien@example.org",
    "root@localhost",
    "zoë@exämple.de",
    "用户@例子.中国",
    `${"a".repeat(64)}@example.com`,
    `ada@${"a".repeat(63)}.com`,
    "ada@a.b.c-d.e",
    "ada@1.2"
  ])("%s is an address", (address) => {
    expect(isEmail(address)).toBe(true)
  })

  test.each([
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@-example.com",
    "ada@example..com",
    "ada@example.com.",
    "ada lovelace@example.com",
    " ada@example.com",
    "ada@example.com\r\nBcc: x@example.com",
    "ada@ex\u0000ample.com",
    "\ud800@example.com",
    "ada\u200b@example.com",
    "a\u00adda@example.com",
    "ada\ufe0f@example.com",
    "\u202eada@example.com",
    "ada@exam\u2066ple.com",
    "a@b@example.com",
    "ada@example.com/x",
    "ada@ex_ample.com",
    "ada@example-.com",
    "ada@example.com-",
    "ada@.example.com",
    `ada@${"a".repeat(64)}.com`,
    '"ada"@example.com',
    "ada(x)@example.com",
    "ada;bob@example.com",
    "a:da@example.com",
    "a,da@example.com",
    "a\\da@example.com",
    "<ada@example.com>",
    "ada@[127.0.0.1]",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(63)}.${"e".repeat(63)}`
  ])("%j is none", (address) => {
    expect(isEmail(address)).toBe(false)
  })

  test("is told what it has to be", () => {
    const read = Schema.decodeUnknownResult(Email)("ada")
    expect(Result.isFailure(read) && String(read.failure)).toContain("an email address such as ada@example.com")
  })

  test.prop([fc.emailAddress({ size: "small" })])("is the same person in upper and lower case", (address) => {
    fc.pre(isEmail(address) && isEmail(address.toUpperCase()))
    expect(emailKey(Email.make(address.toUpperCase()))).toBe(emailKey(Email.make(address)))
  })

  test.prop([fc.emailAddress({ size: "small" }), fc.emailAddress({ size: "small" })])(
    "is another person where more than the case differs",
    (one, other) => {
      fc.pre(isEmail(one) && isEmail(other) && one.toLowerCase() !== other.toLowerCase())
      expect(emailKey(Email.make(one))).not.toBe(emailKey(Email.make(other)))
    }
  )

  test("is the same person composed and decomposed", () => {
    expect(emailKey(Email.make("zoë@example.com".normalize("NFD")))).toBe(emailKey(Email.make("ZOË@example.com")))
  })

  test("is another person where capitals alone would look the same", () => {
    expect(emailKey(Email.make("strasse@example.com"))).not.toBe(emailKey(Email.make("straße@example.com")))
  })

  test("has a local part", () => {
    expect(localPart(Email.make("ada@example.com"))).toBe("ada")
  })
})
