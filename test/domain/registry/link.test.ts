import { test } from "@fast-check/vitest"
import { assert, describe } from "vitest"
import { nextLink } from "../../../src/domain/registry/link.ts"
import { words } from "./arbitrary.ts"

describe("Link", () => {
  test.each([
    ['</v2/a/tags/list?last=b>; rel="next"', "/v2/a/tags/list?last=b"],
    ['<x,y>; title="a, b>; rel=prev"; rel=next', "x,y"],
    ['<p>; rel="prev", <n>; rel="last next"', "n"],
    ['<p>; rel="prev"', undefined],
    ["<n>", undefined],
    ['<n>; rel="nextish"', undefined],
    ['<n>; rel="prevnext"', undefined],
    ["<n>; rel=nextish", undefined],
    ["<n>; xrel=next", undefined],
    ["<?a;rel=next>", undefined],
    ["<?a;rel=next;b>", undefined],
    ["<?a;rel=next>; rel=prev", undefined],
    ["<n>;rel=next", "n"],
    ["<n> ; REL = next ; title=x", "n"],
    ['<n>; rel="next last"', "n"],
    ['<n>; rel="first  next  last"', "n"],
    ["", undefined]
  ])("%s leads on to %s", (field, target) => assert.strictEqual(nextLink([field]), target))

  test.prop([words(["<", ">", ";", "rel", "=", "next", '"', ","])])("of any shape is read to an end", (field) => {
    nextLink([field])
  })
})
