import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
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
})
