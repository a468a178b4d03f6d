import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { fc, test } from "@fast-check/vitest"
import { expect } from "vitest"
import { Fleeting } from "../../src/http/Fleeting.ts"

const some = Array.from({ length: 6 }, (_, number) => ({ number }))

test.prop([fc.array(fc.record({ which: fc.constantFrom(...some), comes: fc.boolean() }))])(
  "whoever has come and not gone is there, and nobody else",
  (steps) => {
    const fleeting = new Fleeting<object>()
    const set = new Set<object>()
    for (const { which, comes } of steps) {
      if (!comes) fleeting.delete(which)
      else if (!set.has(which)) fleeting.add(which)
      if (comes) set.add(which)
      else set.delete(which)
      expect(fleeting.size).toBe(set.size)
      expect(new Set(fleeting)).toEqual(set)
    }
  }
)

test("whoever looks at all of them meets each, though they go one after the other", () => {
  const fleeting = new Fleeting<object>()
  for (const one of some) fleeting.add(one)
  const met: Array<object> = []
  for (const one of fleeting) {
    met.push(one)
    fleeting.delete(one)
  }
  expect(met).toEqual(some)
  expect(fleeting.size).toBe(0)
})

test("what has gone is collected while it is young, however old the one is that held it", () => {
  const script = fileURLToPath(new URL("support/comeAndGo.ts", import.meta.url))
  const left = execFileSync(process.execPath, ["--expose-gc", script], { encoding: "utf8" })
  expect(Number(left)).toBeLessThan(4e6)
})
