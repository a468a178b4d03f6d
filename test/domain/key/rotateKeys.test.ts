import { expect, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { EventLog } from "../../../src/domain/event/EventLog.ts"
import type { Key } from "../../../src/domain/key/Key.ts"
import { KeySettings } from "../../../src/domain/key/KeySettings.ts"
import { KeyStore, type MintedKey } from "../../../src/domain/key/KeyStore.ts"
import { rotateKeys } from "../../../src/domain/key/rotateKeys.ts"
import { KeyId } from "../../../src/domain/token/TokenSigner.ts"
import { somebody, useCases } from "../../support/useCases.ts"

const at = DateTime.makeUnsafe(0)
const current: Key = { id: KeyId.make("seen"), createdAt: at, since: at, state: { _tag: "Current" } }

const mintedKey = (number: number): MintedKey => ({
  sealed: "",
  publicKey: { kid: KeyId.make(`key ${number}`), kty: "RSA", n: "", e: "", use: "sig", alg: "RS256" }
})

const settings = Layer.succeed(KeySettings, { rotateEvery: Option.none() })

it.effect("rotateKeys touches nothing when nothing is due", () =>
  Effect.gen(function* () {
    const next: Key = { id: KeyId.make("next"), createdAt: at, since: at, state: { _tag: "Next" } }
    const store = Layer.mock(KeyStore, { all: Effect.succeed([current, next]) })
    expect(
      yield* Effect.provide(rotateKeys({ _tag: "WhatIsDue" }, somebody), Layer.mergeAll(useCases, store, settings))
    ).toEqual([])
  })
)

it.effect(
  "rotateKeys has the next key take the place of the current one, which retires until its tokens are over",
  () =>
    Effect.gen(function* () {
      const steps: Array<string> = []
      const next: Key = { id: KeyId.make("next"), createdAt: at, since: at, state: { _tag: "Next" } }
      const store = Layer.mock(KeyStore, {
        all: Effect.succeed([current, next]),
        hold: Effect.succeed([current, next]),
        lastExpiry: () => Effect.succeed(Option.none()),
        mint: Effect.sync(() => mintedKey(0)),
        publish: ({ publicKey }, as) => Effect.sync(() => void steps.push(`${publicKey.kid} ${as}`)),
        activate: (key) => Effect.sync(() => void steps.push(`${key} Current`)),
        retire: (key, _at, until) =>
          Effect.sync(() => void steps.push(`${key} Retiring ${DateTime.toEpochMillis(until) > 0}`))
      })
      yield* Effect.gen(function* () {
        const { page } = yield* EventLog
        yield* rotateKeys({ _tag: "Rotate" }, somebody)
        expect(steps).toEqual(["seen Retiring true", "next Current", "key 0 Next"])
        const [event] = yield* page({ limit: 1 })
        expect(event?.detail).toEqual({ reason: "command", current: "next", retired: "seen" })
      }).pipe(Effect.provide(Layer.mergeAll(useCases, store, settings)))
    })
)

it.effect("rotateKeys tells the trail which key was dropped, and which signs now", () =>
  Effect.gen(function* () {
    let minted = 0
    const store = Layer.mock(KeyStore, {
      all: Effect.succeed([current]),
      hold: Effect.succeed([current]),
      mint: Effect.sync(() => mintedKey(minted++)),
      publish: () => Effect.void,
      remove: () => Effect.void
    })
    yield* Effect.gen(function* () {
      const { page } = yield* EventLog
      const taken = yield* rotateKeys({ _tag: "Drop", key: "current" }, somebody)
      const signing = taken.find((step) => step._tag === "Published" && step.as === "Current")
      const [event] = yield* page({ limit: 1 })
      expect(event?.detail).toEqual({ reason: "dropped", current: signing?.key, dropped: current.id })
    }).pipe(Effect.provide(Layer.mergeAll(useCases, store, settings)))
  })
)

it.effect("rotateKeys does what is due when it has the keys to itself, whatever was seen before", () =>
  Effect.gen(function* () {
    let minted = 0
    const published: Array<string> = []
    const store = Layer.mock(KeyStore, {
      all: Effect.succeed([current]),
      // Somebody has taken the only key away meanwhile.
      hold: Effect.succeed([]),
      mint: Effect.sync(() => mintedKey(minted++)),
      publish: ({ publicKey }, as) => Effect.sync(() => void published.push(`${publicKey.kid} ${as}`))
    })
    const taken = yield* rotateKeys({ _tag: "WhatIsDue" }, somebody).pipe(
      Effect.provide(Layer.mergeAll(useCases, store, settings))
    )
    expect(taken).toEqual([
      { _tag: "Published", as: "Current", key: "key 0" },
      { _tag: "Published", as: "Next", key: "key 1" }
    ])
    expect(published).toEqual(["key 0 Current", "key 1 Next"])
  })
)
