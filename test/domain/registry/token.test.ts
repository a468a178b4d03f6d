import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { scopesToAsk } from "../../../src/domain/registry/scope.ts"
import { renewAt } from "../../../src/domain/registry/tokenLifetime.ts"
import { words } from "./arbitrary.ts"

const OWN = "repository:team/app:pull"

describe("the scopes asked for", () => {
  const name = fc.constantFrom("team/app", "team/other", "host:5000/x")
  const actions = fc.subarray(["push", "pull", "delete", "*"]).map((some) => some.join(","))
  const scope = fc.oneof(
    fc
      .tuple(fc.constantFrom("repository", "registry", "repository(plugin)"), name, actions)
      .map((parts) => parts.join(":")),
    words(["aws", ":", "repository", "pull", "push", ","]).map((text) => text.replaceAll(/\s/gu, ""))
  )

  test.prop([fc.array(scope)])("give leave to pull and to nothing else, and always include our own", (demanded) => {
    const asked = scopesToAsk(demanded, OWN)
    assert.include(asked, OWN)
    assert.deepStrictEqual(asked, [...new Set(asked)])
    for (const one of asked) assert.notMatch(one, /^(?:repository|registry)(?:\(\w+\))?:.+:.*(?:push|delete|\*)[^:]*$/u)
  })

  test("put what the registry demanded first, and pass its own forms on as they are", () => {
    assert.deepStrictEqual(scopesToAsk(["aws"], OWN), ["aws", OWN])
    assert.deepStrictEqual(scopesToAsk(["Repository:team/app:push"], OWN), ["Repository:team/app:push", OWN])
    assert.deepStrictEqual(scopesToAsk(["repository:mirror/app:pull,push"], OWN), ["repository:mirror/app:pull", OWN])
    assert.deepStrictEqual(scopesToAsk(["repository:team/app:push,pull", "registry:catalog:*"], OWN), [OWN])
  })
})

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
