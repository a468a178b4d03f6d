import { fc, test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { chooseChallenge, tokenize } from "../../../src/domain/registry/challenge.ts"
import { words } from "./arbitrary.ts"

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/u)
const value = fc.string({ unit: fc.constantFrom("a", "b", ",", " ", "=", '"', "\\", ":", "/", "é"), maxLength: 12 })
const quote = (text: string) => `"${text.replaceAll(/["\\]/gu, "\\$&")}"`

const challenge = fc.record({
  scheme: token.map((name) => name.toLowerCase()),
  parameters: fc.uniqueArray(
    fc.tuple(
      token.map((name) => name.toLowerCase()),
      value
    ),
    {
      selector: ([name]) => name,
      maxLength: 4
    }
  )
})
const written = ({ scheme, parameters }: typeof challenge extends fc.Arbitrary<infer T> ? T : never) =>
  `${scheme} ${parameters.map(([name, text]) => `${name}=${quote(text)}`).join(", ")}`.trim()

describe("WWW-Authenticate", () => {
  test.prop([fc.array(challenge, { maxLength: 4 })])(
    "is read as it was written, however many stand in a field",
    (all) => {
      const read = tokenize(all.map(written).join(", "))
      assert.deepStrictEqual(
        read.map(({ scheme, parameters }) => ({ scheme, parameters: [...parameters] })),
        all
      )
    }
  )

  test.prop([words(["Bearer", "Basic", "realm", "=", '"', ",", " ", "\\", "a"])])(
    "of any shape is read to an end",
    (field) => {
      tokenize(field)
    }
  )

  test.prop([
    fc.constantFrom("Negotiate", "Digest realm=x", "NTLM dG9rZW4=", 'Custom a="b, Basic", c=d'),
    fc.boolean()
  ])("the first of Basic and Bearer is taken, others before it are passed over", (other, apart) => {
    const bearer = 'Bearer realm="https://auth.example/token",service="s",scope="repository:a/b:pull,push aws"'
    const fields = apart ? [other, bearer, "Basic"] : [`${other}, ${bearer}, Basic realm="x"`]
    assert.deepStrictEqual(chooseChallenge(fields), {
      _tag: "Bearer",
      realm: "https://auth.example/token",
      service: "s",
      scopes: ["repository:a/b:pull,push", "aws"]
    })
  })

  test.each(["Negotiate abc", "Negotiate abc==", "Negotiate \t abc=", "Negotiate abc=== ", "Negotiate"])(
    "a token68, as in %j, is no parameter and hides no challenge after it",
    (negotiate) => {
      assert.deepStrictEqual(chooseChallenge([`${negotiate}, Basic realm="x"`]), { _tag: "Basic" })
      assert.deepStrictEqual(tokenize(negotiate), [{ scheme: "negotiate", parameters: new Map() }])
    }
  )

  test("of two equal parameters the first counts", () => {
    assert.deepStrictEqual(chooseChallenge(['Bearer realm="a", REALM="b"']), { _tag: "Bearer", realm: "a", scopes: [] })
  })

  test("a Bearer challenge without a realm cannot be met; case, spaces and token values do not matter", () => {
    assert.deepStrictEqual(chooseChallenge(["Bearer service=x, basic"]), { _tag: "Basic" })
    assert.deepStrictEqual(chooseChallenge(["BEARER  Realm = x"]), { _tag: "Bearer", realm: "x", scopes: [] })
    assert.isUndefined(chooseChallenge(["Negotiate", ""]))
    assert.isUndefined(chooseChallenge(["Bearer service=x, realm=, Basic"]))
  })
})
