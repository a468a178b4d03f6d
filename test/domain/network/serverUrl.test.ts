import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { isInTheClear, parseServerUrl } from "../../../src/domain/network/serverUrl.ts"

const read = (text: string) => Result.getOrThrow(parseServerUrl(text))

describe("a server's address", () => {
  it.each([
    ["https://keyhole.example.com", "https://keyhole.example.com"],
    ["HTTPS://Keyhole.Example.com:443/", "https://keyhole.example.com"],
    ["http://localhost:8080//", "http://localhost:8080"],
    ["https://example.com/keyhole/", "https://example.com/keyhole"],
    ["http://[::1]:80", "http://[::1]"]
  ])("has one form: %s is %s", (text, one) => {
    expect(read(text)).toBe(one)
    expect(read(one)).toBe(one)
  })

  it.each([
    ["keyhole.example.com", "is written"],
    ["localhost:8080", "is written"],
    ["https:host", "is written"],
    ["ftp://host", "is written"],
    ["", "is written"],
    ["https://host?x=1", "has no ?"],
    ["https://host/#x", "has no ?"]
  ])("is not %s", (text, reason) => {
    expect(parseServerUrl(text)).toMatchObject(Result.fail({ input: text, reason: expect.stringContaining(reason) }))
  })

  it("is refused with a user in it, and the password is not repeated", () => {
    const refused = parseServerUrl("https://ada:canary@host")
    expect(refused).toMatchObject({ failure: { reason: expect.stringContaining("no user") } })
    expect(JSON.stringify(refused)).not.toMatch(/canary|ada/u)
  })

  it("tells whether others can read what is sent there", () => {
    const clear = ["http://host", "http://192.168.0.1:8080", "http://127.example.com"]
    const not = ["https://host", "http://localhost:1", "http://a.localhost", "http://127.0.0.1", "http://[::1]:8080"]
    expect(clear.filter(isInTheClear)).toEqual(clear)
    expect(not.filter(isInTheClear)).toEqual([])
  })
})
