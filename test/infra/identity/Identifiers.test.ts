import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Identifiers } from "../../../src/domain/Identifiers.ts"
import { layer } from "../../../src/infra/identity/Identifiers.ts"

describe("Identifiers", () => {
  it.effect("never come twice", () =>
    Effect.gen(function* () {
      const identifiers = yield* Identifiers
      const all = yield* Effect.all(
        Array.from({ length: 1000 }, () => [
          identifiers.user,
          identifiers.session,
          identifiers.token,
          identifiers.event
        ]).flat()
      )
      expect(new Set<string>(all).size).toBe(4000)
    }).pipe(Effect.provide(layer))
  )

  it.effect("of events sort as they were made, whatever the clock does, and are UUIDs", () =>
    Effect.gen(function* () {
      const { event } = yield* Identifiers
      const ids: Array<string> = []
      for (const time of [
        "2026-11-21T10:00:00Z",
        "2026-11-21T10:00:01Z",
        "2026-11-21T09:00:00Z",
        "2100-01-01T00:00:00Z"
      ]) {
        yield* TestClock.setTime(Date.parse(time))
        ids.push(...(yield* Effect.replicateEffect(event, 5000)))
      }
      expect(ids).toEqual(ids.toSorted())
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u)
      expect(ids[0]?.startsWith(Date.parse("2026-11-21T10:00:00Z").toString(16).padStart(12, "0").slice(0, 8))).toBe(
        true
      )
    }).pipe(Effect.provide(layer))
  )
})
