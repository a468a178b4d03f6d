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
    ["ftp://host/http://", "is written"],
    ["https://", "is written"],
    ["", "is written"],
    ["https://host?x=1", "has no ?"],
    ["https://host/#x", "has no ?"]
  ])("is not %s", (text, reason) => {
    expect(parseServerUrl(text)).toMatchObject(Result.fail({ input: text, reason: expect.stringContaining(reason) }))
  })

  it.each(["ada:canary", "ada", ":canary"])("is refused with a user in it, who is not repeated: %s", (user) => {
    expect(parseServerUrl(`https://${user}@host:81/x`)).toEqual(
      Result.fail({
        input: "https://…@host:81",
        reason: "a server's address has no user in it: keyhole login asks for that"
      })
    )
  })

  it("tells whether others can read what is sent there", () => {
    const names = ["host", "127.example.com", "localhost.example.com", "notlocalhost", "127.0.0.1.example.com"]
    const clear = [...names, "192.168.0.1:8080", "[::2]"].map((host) => `http://${host}`)
    const own = ["localhost:1", "a.localhost", "ab.c.localhost", "127.0.0.1", "127.10.200.30", "[::1]:8080"]
    const not = ["https://host", ...own.map((host) => `http://${host}`)]
    expect(clear.filter(isInTheClear)).toEqual(clear)
    expect(not.filter(isInTheClear)).toEqual([])
  })
})
