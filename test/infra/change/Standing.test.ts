import { expect, it } from "vitest"
import { Standing } from "../../../src/infra/change/Standing.ts"

it("lets go of whatever stands on what is withdrawn, and of nothing else", () => {
  const standing = new Standing<number>(10)
  standing.set("a", 1, ["ada", "one"])
  standing.set("b", 2, ["ada", "two"])
  standing.set("c", 3, ["bob", "three"])
  standing.withdraw("one")
  expect(["a", "b", "c"].map((key) => standing.get(key))).toEqual([undefined, 2, 3])
  standing.withdraw("ada")
  expect(["a", "b", "c"].map((key) => standing.get(key))).toEqual([undefined, undefined, 3])
  standing.withdraw("nobody")
  expect(standing.get("c")).toBe(3)
})

it("goes by the latest grounds of a value that is set again", () => {
  const standing = new Standing<number>(10)
  standing.set("a", 1, ["old"])
  standing.set("a", 2, ["new"])
  standing.withdraw("old")
  expect(standing.get("a")).toBe(2)
  standing.withdraw("new")
  expect(standing.get("a")).toBeUndefined()
})

it("lets go of the one it has kept longest when there are too many, and of all when told to", () => {
  const standing = new Standing<number>(2)
  for (const [at, key] of ["a", "b", "c"].entries()) standing.set(key, at, ["ada"])
  expect(["a", "b", "c"].map((key) => standing.get(key))).toEqual([undefined, 1, 2])
  standing.clear()
  expect(["b", "c"].map((key) => standing.get(key))).toEqual([undefined, undefined])
})
