import { fc, test } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { parseJson } from "../../src/http/parseBody.ts"
import { repeatedNames } from "../../src/http/repeatedNames.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

describe("a JSON text", () => {
  test.prop([fc.json(), fc.constantFrom(undefined, 2)])(
    "in which each name comes once is read as it is",
    (json, space) => {
      const text = JSON.stringify(JSON.parse(json), null, space)
      expect(repeatedNames(text)).toEqual([])
      expect(parseJson(bytes(text))).toMatchObject({ success: JSON.parse(json) })
    }
  )

  test.prop([fc.string(), fc.jsonValue(), fc.jsonValue(), fc.array(fc.jsonValue())])(
    "in which a name comes twice is refused, wherever it does",
    (name, one, other, before) => {
      const twice = `{${JSON.stringify(name)}: ${JSON.stringify(one)}, ${JSON.stringify(name)}: ${JSON.stringify(other)}}`
      const text = `[${[...before.map((value) => JSON.stringify(value)), twice].join(",")}]`
      const pointer = `/${before.length}/${name.replaceAll("~", "~0").replaceAll("/", "~1").slice(0, 100)}`
      expect(repeatedNames(text)).toEqual([pointer])
      expect(parseJson(bytes(text))).toMatchObject({ failure: { status: 422, members: { errors: [{ pointer }] } } })
    }
  )

  test.each([
    [String.raw`{"a":1,"\u0061":2}`, ["/a"]],
    [String.raw`{"a\"":1,"a\"":2}`, ['/a"']],
    [String.raw`{"a":{"b":1},"b":[{"b":1},{"b":2,"b":3}],"c":"{\"b\":1,\"b\":2}"}`, ["/b/1/b"]],
    [`{"__proto__":1,"__proto__":2}`, ["/__proto__"]],
    [`{"a":1,"a":2,"a":3}`, ["/a", "/a"]],
    [`{"a":"a","b":"a"}`, []],
    [`["a","a"]`, []],
    [`"a"`, []]
  ])("%s has twice %j", (text, pointers) => {
    expect(repeatedNames(text)).toEqual(pointers)
  })
})
