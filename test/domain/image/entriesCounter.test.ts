import { fc, test } from "@fast-check/vitest"
import { Result } from "effect"
import { describe, expect } from "vitest"
import { entriesCounter } from "../../../src/domain/image/entriesCounter.ts"
import { entry } from "./support/entry.ts"
import { limits } from "./support/readAll.ts"

const text = fc.string({ maxLength: 5 })
const named = fc.record({ link: text, uname: text, gname: text }, { requiredKeys: [] })
const anyEntry = fc.tuple(text, named).map(([path, names]) => entry(`/${path}`, names))

describe("an operation's entries", () => {
  test.prop([fc.array(anyEntry, { minLength: 1 })])("may have as many names as the limit, and not one more", (all) => {
    const lengths = all.map(({ path, link = "", uname = "", gname = "" }) => (path + link + uname + gname).length)
    const total = lengths.reduce((sum, length) => sum + length, 0)
    const counted = (maxNames: number) => all.map(entriesCounter({ ...limits, maxNames })).at(-1)
    expect(counted(total)).toEqual(Result.succeed(all.at(-1)))
    expect(counted(total - 1)).toMatchObject({ failure: { limit: "names", value: total - 1 } })
  })

  test.prop([fc.array(anyEntry, { minLength: 1 })])("may be as many as the limit, and not one more", (all) => {
    const counted = (maxImageEntries: number) => all.map(entriesCounter({ ...limits, maxImageEntries })).at(-1)
    expect(counted(all.length)).toEqual(Result.succeed(all.at(-1)))
    expect(counted(all.length - 1)).toMatchObject({ failure: { limit: "entries", value: all.length - 1 } })
  })
})
