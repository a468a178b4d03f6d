import { fc, test } from "@fast-check/vitest"
import { Option } from "effect"
import { Socket } from "node:net"
import { describe, expect } from "vitest"
import { parseNetwork } from "../../src/domain/network/Address.ts"
import { originOf } from "../../src/http/origin.ts"

const trusted = [Option.getOrThrow(parseNetwork("10.0.0.0/8"))]

const from = (remoteAddress: string, headers: Readonly<Record<string, string>>) => {
  const socket = Object.defineProperty(new Socket(), "remoteAddress", { value: remoteAddress })
  return originOf({ headers, socket }, trusted)
}

describe("the origin a request was made to", () => {
  test.each([
    [{ host: "keyhole.test" }, "http://keyhole.test"],
    [{ host: "keyhole.test:80" }, "http://keyhole.test"],
    [{ host: "KEYHOLE.test:8080" }, "http://keyhole.test:8080"],
    [{ host: "[::1]:8080" }, "http://[::1]:8080"]
  ])("is told by Host: %j", (headers, origin) => {
    expect(from("203.0.113.7", headers)).toBe(origin)
  })

  test.each([
    [{ "x-forwarded-proto": "https" }, "https://inside:8080"],
    [{ "x-forwarded-proto": "HTTPS", "x-forwarded-host": "keyhole.test" }, "https://keyhole.test"],
    [{ "x-forwarded-host": "keyhole.test:8443" }, "http://keyhole.test:8443"],
    [{ "x-forwarded-proto": "https, http", "x-forwarded-host": "evil.test, keyhole.test" }, "http://keyhole.test"]
  ])("is told by the nearest proxy, when that is trusted: %j", (forwarded, origin) => {
    const headers = { host: "inside:8080", ...forwarded }
    expect(from("::ffff:10.0.0.1", headers)).toBe(origin)
    expect(from("203.0.113.7", headers)).toBe("http://inside:8080")
  })

  test.each([
    {},
    { host: "a b" },
    { host: "evil.test/keyhole.test" },
    { host: "somebody@keyhole.test" },
    { host: "keyhole.test?" },
    { host: "keyhole.test", "x-forwarded-proto": "javascript" },
    { host: "keyhole.test", "x-forwarded-host": "evil.test#" }
  ])("is unknown when it cannot be one: %j", (headers) => {
    expect(from("10.0.0.1", headers)).toBeUndefined()
  })

  test.prop([fc.string(), fc.string()])("is an origin or nothing, whatever is sent", (host, proto) => {
    const origin = from("10.0.0.1", { host, "x-forwarded-proto": proto })
    if (origin !== undefined) expect(new URL(origin).origin).toBe(origin)
  })
})
