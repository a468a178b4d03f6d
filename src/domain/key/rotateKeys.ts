import { DateTime, Effect } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import type { KeyId } from "../token/TokenSigner.ts"
import { TokenSettings } from "../token/TokenSettings.ts"
import { KeySettings } from "./KeySettings.ts"
import { KeyStore, type MintedKey } from "./KeyStore.ts"
import { keyRotation, retiresUntil, type Step, type Wish } from "./keyRotation.ts"

/** A step that was taken. */
export type Taken =
  | { readonly _tag: "Published"; readonly as: "Next" | "Current"; readonly key: KeyId }
  | { readonly _tag: "Activated"; readonly key: KeyId }
  | { readonly _tag: "Retired"; readonly key: KeyId; readonly until: DateTime.Utc }
  | { readonly _tag: "Removed"; readonly key: KeyId }

const take = Effect.fnUntraced(function* (step: Step, minted: Array<MintedKey>, now: DateTime.Utc) {
  const store = yield* KeyStore
  switch (step._tag) {
    case "Publish": {
      // One too few was made only when somebody else has taken keys away meanwhile: then it may take its time.
      const key = minted.pop() ?? (yield* store.mint)
      yield* store.publish(key, step.as, now)
      return { _tag: "Published", as: step.as, key: key.publicKey.kid } satisfies Taken
    }
    case "Activate":
      yield* store.activate(step.key, now)
      return { _tag: "Activated", key: step.key } satisfies Taken
    case "Retire": {
      const until = retiresUntil(now, yield* store.lastExpiry(step.key), yield* TokenSettings)
      yield* store.retire(step.key, now, until)
      return { _tag: "Retired", key: step.key, until } satisfies Taken
    }
    case "Remove":
      yield* store.remove(step.key)
      return { _tag: "Removed", key: step.key } satisfies Taken
  }
})

const REASONS = { WhatIsDue: "schedule", Rotate: "command", Drop: "dropped" } as const

/** What the event trail says: which key signs now, which one did, and which one was dropped. */
const detailOf = (wish: Wish, taken: ReadonlyArray<Taken>): Readonly<Record<string, string>> => {
  const keyOf = (fits: (step: Taken) => boolean) => taken.find(fits)?.key
  const named = {
    current: keyOf((step) => step._tag === "Activated" || (step._tag === "Published" && step.as === "Current")),
    retired: keyOf(({ _tag }) => _tag === "Retired"),
    dropped: wish._tag === "Drop" ? keyOf(({ _tag }) => _tag === "Removed") : undefined
  }
  const known = Object.entries(named).flatMap(([name, key]) => (key === undefined ? [] : [[name, key] as const]))
  return { reason: REASONS[wish._tag], ...Object.fromEntries(known) }
}

/**
 * Brings the keys to where the policy wants them, in one unit of work that has them to itself: of several processes that want
 * the same one does it, and the others find it done. Tells what was done.
 */
export const rotateKeys = Effect.fn("rotateKeys")(function* (wish: Wish, client: Client) {
  const store = yield* KeyStore
  const unit = yield* UnitOfWork
  const settings = yield* KeySettings
  const plan = Effect.fnUntraced(function* (ring: Effect.Success<typeof store.all>, now: DateTime.Utc) {
    return yield* Effect.fromResult(keyRotation(ring, wish, now, settings))
  })

  const expected = yield* plan(yield* store.all, yield* DateTime.now)
  const nothing: ReadonlyArray<Taken> = []
  if (expected.length === 0) return nothing
  const minted = yield* Effect.forEach(
    expected.filter(({ _tag }) => _tag === "Publish"),
    () => store.mint,
    { concurrency: "unbounded" }
  )
  return yield* unit.transaction(
    Effect.gen(function* () {
      const ring = yield* store.hold
      const now = yield* DateTime.now
      const spare = [...minted]
      const taken: ReadonlyArray<Taken> = yield* Effect.forEach(yield* plan(ring, now), (step) =>
        take(step, spare, now)
      )
      if (wish._tag === "Drop" || taken.some(({ _tag }) => _tag === "Activated")) {
        yield* record({ type: "key.rotated", client, detail: detailOf(wish, taken) })
      }
      return taken
    })
  )
})
