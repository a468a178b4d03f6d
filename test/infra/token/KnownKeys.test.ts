import { fc, it } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { KnownKeys } from "../../../src/infra/token/KnownKeys.ts"

const now = Date.parse("2026-11-21T10:00:00Z")
const minute = 60_000

describe("the keys that may be there", () => {
  it.prop([fc.array(fc.tuple(fc.string(), fc.integer({ min: 1, max: 1_000_000 })), { maxLength: 3000 })])(
    "have every key that was added and has not ended, in whatever order they came and however often the table grew",
    (entries) => {
      const keys = new KnownKeys()
      for (const [key, life] of entries) keys.add(key, now + life, now)
      for (const [key] of entries) expect(keys.has(key)).toBe(true)
    }
  )

  it("do not have what was never added", () => {
    const keys = new KnownKeys()
    for (let index = 0; index < 10_000; index++) keys.add(`there ${index}`, now + minute, now)
    for (let index = 0; index < 10_000; index++) expect(keys.has(`not there ${index}`)).toBe(false)
  })

  it("forget what has ended before they grow", () => {
    const keys = new KnownKeys()
    for (let index = 0; index < 600; index++) keys.add(`ends ${index}`, now + minute, now)
    const { bytes } = keys
    const later = now + 2 * minute
    for (let index = 0; index < 600; index++) keys.add(`lives ${index}`, later + minute, later)
    expect(keys.bytes).toBe(bytes)
    expect(keys.has("ends 0")).toBe(false)
    expect(keys.has("lives 0")).toBe(true)
  })

  it("take less than 64 bytes each when there are a million", () => {
    const keys = new KnownKeys()
    for (let index = 0; index < 1_000_000; index++) keys.add(`revoked:sess_${index}`, now + minute, now)
    expect(keys.bytes / 1_000_000).toBeLessThan(64)
  })
})
