import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { renewAt } from "../../../src/domain/registry/tokenLifetime.ts"

describe("a token's life", () => {
  const NOW = Date.parse("2026-11-21T10:00:00Z")

  test.prop([fc.integer({ min: -100, max: 100_000 })])(
    "is at least a minute, and renewed five seconds before its end",
    (life) => {
      assert.strictEqual(renewAt({ expiresInSeconds: life }, NOW), NOW + (Math.max(60, life) - 5) * 1000)
    }
  )

  test("that is not given is a minute", () => assert.strictEqual(renewAt({}, NOW), NOW + 55_000))

  test.prop([fc.integer({ min: -1e9, max: 1e9 }), fc.nat(1000)])(
    "is measured by the clock of the one who gave it, however far off ours is",
    (skew, age) => {
      const server = { serverNow: NOW + skew, issuedAt: NOW + skew - age * 1000, expiresInSeconds: 3600 }
      assert.strictEqual(renewAt(server, NOW), NOW + (3595 - age) * 1000)
    }
  )

  test.prop([fc.nat(1e9)])("never begins in the future", (ahead) => {
    assert.strictEqual(renewAt({ issuedAt: NOW + ahead, expiresInSeconds: 300 }, NOW), NOW + 295_000)
  })
})
