import { fc, test } from "@fast-check/vitest"
import { Option } from "effect"
import { describe, expect } from "vitest"
import { parseAddress, parseNetwork } from "../../../src/domain/network/Address.ts"
import { clientAddress } from "../../../src/domain/network/forwarded.ts"

const trusted = ["10.0.0.0/8", "fd00::/8", "127.0.0.1"].map((text) => Option.getOrThrow(parseNetwork(text)))
const seen = (peer: string, forwardedFor: ReadonlyArray<string>, proxies = trusted) =>
  Option.getOrUndefined(Option.map(clientAddress(parseAddress(peer), forwardedFor, proxies), String))

const octet = fc.nat(255)
const stranger = fc.tuple(fc.constantFrom(8, 93, 203), octet, octet, octet).map((octets) => octets.join("."))
const proxy = fc.tuple(octet, octet, octet).map((octets) => `10.${octets.join(".")}`)
const anything = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), proxy), { maxLength: 6 })

describe("X-Forwarded-For", () => {
  test.prop([stranger, anything])("is not believed from anybody who is not a trusted proxy", (peer, forged) => {
    expect(seen(peer, forged)).toBe(peer)
  })

  test.prop([stranger, proxy, anything])("is not believed at all when no proxy is trusted", (one, other, forged) => {
    expect(seen(one, forged, [])).toBe(one)
    expect(seen(other, forged, [])).toBe(other)
  })

  test.prop([anything, stranger, fc.array(proxy, { minLength: 1, maxLength: 4 })])(
    "is believed up to the first who is not a trusted proxy, whatever was made up before",
    (forged, client, proxies) => {
      const [peer = "", ...between] = proxies.toReversed()
      expect(seen(peer, [...forged, client, ...between.toReversed()])).toBe(client)
    }
  )

  test.prop([
    anything,
    fc.constantFrom(
      "",
      "unknown",
      "_secret",
      "1.2.3",
      "300.1.1.1",
      "a b",
      "x8.8.8.8:80",
      "8.8.8.8:80x",
      "8.8.8.8:123456",
      "[::1]:80 ",
      "[8.8.8.8:80"
    ),
    proxy,
    proxy
  ])("ends at an entry that is no address: whoever wrote it is the client", (forged, malformed, between, peer) => {
    expect(seen(peer, [...forged, malformed])).toBe(peer)
    expect(seen(peer, [...forged, malformed, between])).toBe(between)
  })

  test.prop([fc.array(proxy, { maxLength: 4 }), proxy])(
    "may name proxies only: the first of them asks",
    (chain, peer) => {
      expect(seen(peer, chain)).toBe(chain[0] ?? peer)
    }
  )

  test.each([
    ["203.0.113.7:50123", "203.0.113.7"],
    ["[2001:db8::7]:50123", "2001:db8::7"],
    ["2001:DB8:0::7", "2001:db8::7"],
    ["::ffff:203.0.113.7", "203.0.113.7"]
  ])("is understood as %s", (entry, client) => {
    expect(seen("::ffff:10.1.2.3", [entry])).toBe(client)
    expect(seen("fd00::1", [entry, "127.0.0.1"])).toBe(client)
  })

  test("of a peer without an address means nothing", () => {
    expect(seen("", ["203.0.113.7"])).toBeUndefined()
  })
})
