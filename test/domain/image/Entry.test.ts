import { fc, test } from "@fast-check/vitest"
import { expect } from "vitest"
import { type Entry, entryKey } from "../../../src/domain/image/Entry.ts"
import { entry } from "./support/entry.ts"

const path = fc.array(fc.constantFrom("a", "file:", "opaque:"), { maxLength: 2 }).map((names) => `/${names.join("/")}`)
const entries = fc
  .tuple(path, fc.constantFrom<Partial<Entry>>({}, { whiteout: "file" }, { whiteout: "opaque" }))
  .map(([at, what]) => entry(at, what))

test.prop([entries, entries])(
  "a path and a whiteout of it are known by two keys, and nothing else is",
  (one, other) => {
    const isSame = one.path === other.path && one.whiteout === other.whiteout
    expect(entryKey(one) === entryKey(other)).toBe(isSame)
  }
)
