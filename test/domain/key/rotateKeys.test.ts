import { expect, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
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
    const settings = Layer.succeed(KeySettings, { rotateEvery: Option.none() })
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
