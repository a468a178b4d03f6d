import { fc, test } from "@fast-check/vitest"
import { Option } from "effect"
import { describe, expect } from "vitest"
import { isAmong, parseAddress, parseNetwork, placeOf } from "../../../src/domain/network/Address.ts"

const written = (text: string) => Option.getOrUndefined(Option.map(parseAddress(text), String))
const bits = (length: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(length) - 1n })
const ipv6 = (value: bigint) =>
  (value.toString(16).padStart(32, "0").match(/.{4}/gu) ?? []).map((group) => group.replace(/^0+(?=.)/u, "")).join(":")

describe("an address", () => {
  test.prop([fc.ipV4()])("of IPv4 is the same over an IPv6 socket", (text) => {
    expect(written(text)).toBe(text)
    expect(written(`::ffff:${text}`)).toBe(text)
  })

  test.prop([fc.ipV6(), fc.stringMatching(/^[a-z\d]{1,8}$/u)])("means the same in whatever zone", (text, zone) => {
    expect(written(`${text}%${zone}`)).toBe(written(text))
  })

  test.each(["", "localhost", "1.2.3", "01.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", "::1::", "[::1]", "unknown", "_hidden"])(
    "is not %j",
    (text) => {
      expect(written(text)).toBeUndefined()
    }
  )
})

describe("a network", () => {
  test.each(["10.0.0.1/8", "10.0.0.0/33", "::1/64", "::ffff:10.0.0.0/104", "10.0.0.0/", "all", "10.0.0.0/8/8"])(
    "is not %s",
    (text) => {
      expect(Option.isNone(parseNetwork(text))).toBe(true)
    }
  )

  test.prop([fc.ipV4(), fc.ipV4()])("of one address has that address alone", (one, other) => {
    const network = Option.getOrThrow(parseNetwork(one))
    expect(isAmong([network], Option.getOrThrow(parseAddress(`::ffff:${one}`)))).toBe(true)
    expect(isAmong([network], Option.getOrThrow(parseAddress(other)))).toBe(one === other)
  })
})

describe("the place that requests come from", () => {
  test.prop([bits(64), bits(64), bits(64)])(
    "is the /64 of an IPv6 address, whatever its last half",
    (site, one, two) => {
      // Not ::/64, in which the IPv4-mapped addresses lie.
      const at = (half: bigint) => placeOf(ipv6(((site | 1n) << 64n) | half))
      expect(at(one)).toBe(at(two))
      expect(at(one)).toMatch(/\/64$/u)
      expect(placeOf(ipv6((((site | 1n) ^ 2n) << 64n) | one))).not.toBe(at(one))
    }
  )

  test.prop([fc.ipV4()])("is an IPv4 address itself", (text) => {
    expect(placeOf(`::ffff:${text}`)).toBe(text)
  })

  test("is what is written where that is no address", () => {
    expect(placeOf("a socket")).toBe("a socket")
  })
})
