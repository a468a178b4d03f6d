import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { describe, expect } from "vitest"
import { decodeJson } from "../../../src/domain/registry/json.ts"

const read = (text: string) => decodeJson(new TextEncoder().encode(text))
const TOO_DEEP = Result.fail("it is nested too deeply")

/** Lists and objects, the one in the other. */
const nested = (kinds: ReadonlyArray<"list" | "object">) =>
  kinds.reduce((inner, kind) => (kind === "list" ? `[${inner},[],{}]` : `{"a":[],"b":{},"c":${inner}}`), '"x"')
const kinds = (depth: number) =>
  fc.array(fc.constantFrom<"list" | "object">("list", "object"), { minLength: depth, maxLength: depth })

describe("JSON that a registry sent", () => {
  test.prop([fc.json()])("is what it says", (text) => {
    expect(read(text)).toEqual(Result.succeed(JSON.parse(text)))
  })

  test.prop([fc.nat(63).chain(kinds), kinds(65)])(
    "may be nested 64 deep and no deeper, in whatever way",
    (few, many) => {
      expect(read(nested(few))).toEqual(Result.succeed(JSON.parse(nested(few))))
      expect(read(nested(many))).toEqual(TOO_DEEP)
      expect(read("[".repeat(64))).toEqual(Result.fail("it is not JSON in UTF-8"))
      expect(read("[".repeat(65))).toEqual(TOO_DEEP)
    }
  )

  test.prop([fc.array(fc.constantFrom("[", "{", "]", "}", '"', "\\", "a")).map((parts) => parts.join(""))])(
    "may have brackets in its strings, as many as it likes",
    (text) => {
      const [string, key] = [JSON.stringify(text.padEnd(200, "[")), JSON.stringify("{".repeat(100) + text)]
      const json = `{${key}:${string}}`
      expect(read(json)).toEqual(Result.succeed(JSON.parse(json)))
      expect(read(`[${string},${"[".repeat(64)}`)).toEqual(TOO_DEEP)
    }
  )

  test("may hold so many values, in whatever way, and no more", () => {
    const full = Result.fail("it holds more than 4 values")
    const lists = ["[1,2,3]", "[{},{}]", '{"a":1,"b":[2]}', '["[,{,",[]]', "[[[]]]"]
    for (const text of lists) expect(decodeJson(Buffer.from(text), 4)).toEqual(Result.succeed(JSON.parse(text)))
    for (const text of ["[1,2,3,4,5]", "[{},{},{}]", '{"a":1,"b":[2],"c":[]}', "[[[[[]]]]]", "[,,,,"]) {
      expect(decodeJson(Buffer.from(text), 4)).toEqual(full)
    }
    expect(read(`[${"{},".repeat(1_000_000)}{}]`)).toEqual(Result.fail("it holds more than 65536 values"))
  })

  test("has no byte order mark left", () => {
    expect(read("\ufeff{}")).toEqual(Result.succeed({}))
  })

  test.each(["", "22 ff 22", "7b", "ff fe 7b 00 7d 00"])("is not what these bytes say: %s", (bytes) => {
    expect(decodeJson(Buffer.from(bytes.replaceAll(" ", ""), "hex"))).toEqual(Result.fail("it is not JSON in UTF-8"))
  })
})
