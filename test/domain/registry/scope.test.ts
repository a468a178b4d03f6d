import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { scopesToAsk } from "../../../src/domain/registry/scope.ts"
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
