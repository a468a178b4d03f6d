import { DateTime, Duration, Option, Result, Schema } from "effect"
import { NotFound } from "../NotFound.ts"
import { LONGEST_ACCESS_TTL } from "../token/AccessToken.ts"
import { KeyId } from "../token/TokenSigner.ts"
import { LONGEST_LEEWAY } from "../token/TokenSettings.ts"
import { isTrusted, type Key } from "./Key.ts"

/** How long a verifier may keep the published keys: as long as it may go on trusting a key that was dropped. */
export const PUBLISHED_KEPT = Duration.minutes(5)

/** How long a key is published before it signs: until no copy without it is kept any more, and a minute for slow clocks. */
export const PUBLISHED_AHEAD = Duration.sum(PUBLISHED_KEPT, Duration.minutes(1))

/** Why the keys are looked at. */
export type Wish =
  | { readonly _tag: "WhatIsDue" }
  | { readonly _tag: "Rotate" }
  /** After a leak: the key goes at once, with everything it signed. */
  | { readonly _tag: "Drop"; readonly key: KeyId | "current" }

/** One change of the ring. At every moment between two of them there is at most one current key. */
export type Step =
  | { readonly _tag: "Publish"; readonly as: "Next" | "Current" }
  | { readonly _tag: "Activate"; readonly key: KeyId }
  | { readonly _tag: "Retire"; readonly key: KeyId }
  | { readonly _tag: "Remove"; readonly key: KeyId }

/** Some verifiers may not have seen the next key yet, and would refuse what it signs. */
export class RotatedTooSoon extends Schema.TaggedError<RotatedTooSoon>()("RotatedTooSoon", {
  next: KeyId,
  readyAt: Schema.DateTimeUtc
}) {}

type Ring = ReadonlyArray<Key>
type Steps = ReadonlyArray<Step>

const inState = (ring: Ring, state: Key["state"]["_tag"]) => ring.find((key) => key.state._tag === state)
const remove = ({ id }: Key): Step => ({ _tag: "Remove", key: id })

/** When the key may sign: at once if it is of the first keys, for no copy without it was ever given out. */
const readyAt = (next: Key, ring: Ring): DateTime.Utc =>
  ring.every((key) => DateTime.isLessThanOrEqualTo(next.createdAt, key.createdAt))
    ? next.createdAt
    : DateTime.addDuration(next.createdAt, PUBLISHED_AHEAD)

/** What a ring lacks. A key that nobody has seen signs at once only when there is no other. */
const completion = (ring: Ring): Steps => {
  const next = inState(ring, "Next")
  if (inState(ring, "Current") !== undefined) return next === undefined ? [{ _tag: "Publish", as: "Next" }] : []
  const successor: Step = next === undefined ? { _tag: "Publish", as: "Current" } : { _tag: "Activate", key: next.id }
  return [successor, { _tag: "Publish", as: "Next" }]
}

const succession = (current: Key, next: Key): Steps => [
  { _tag: "Retire", key: current.id },
  { _tag: "Activate", key: next.id },
  { _tag: "Publish", as: "Next" }
]

/** How the keys follow each other: next, current, retiring, gone. */
export const keyRotation = (
  ring: Ring,
  wish: Wish,
  now: DateTime.Utc,
  { rotateEvery }: { readonly rotateEvery: Option.Option<Duration.Duration> }
): Result.Result<Steps, NotFound | RotatedTooSoon> => {
  const current = inState(ring, "Current")
  const next = inState(ring, "Next")
  if (wish._tag === "Drop") {
    const dropped = wish.key === "current" ? current : ring.find(({ id }) => id === wish.key)
    if (dropped === undefined) return Result.fail(new NotFound({ what: "key" }))
    return Result.succeed([remove(dropped), ...completion(ring.filter((key) => key !== dropped))])
  }

  const over = ring.filter(({ state }) => !isTrusted(state, now)).map(remove)
  if (current === undefined || next === undefined) return Result.succeed([...over, ...completion(ring)])
  const ready = readyAt(next, ring)
  const isReady = DateTime.isLessThanOrEqualTo(ready, now)
  if (wish._tag === "Rotate" && !isReady) return Result.fail(new RotatedTooSoon({ next: next.id, readyAt: ready }))
  const isDue = Option.exists(rotateEvery, (every) =>
    DateTime.isLessThanOrEqualTo(DateTime.addDuration(current.since, every), now)
  )
  const turn = wish._tag === "Rotate" || (isDue && isReady)
  return Result.succeed(turn ? [...over, ...succession(current, next)] : over)
}

/**
 * Until when a key that stops signing now has tokens: the refresh tokens it has signed, under whatever settings, tell when
 * they end; of access tokens only the longest life is known. Whoever signs at this very moment still signs with it.
 */
export const retiresUntil = (
  now: DateTime.Utc,
  lastExpiry: Option.Option<DateTime.Utc>,
  { refreshTtl }: { readonly refreshTtl: Duration.Duration }
): DateTime.Utc => {
  const signedNow = DateTime.addDuration(now, Duration.max(LONGEST_ACCESS_TTL, refreshTtl))
  const last = Option.match(lastExpiry, { onNone: () => signedNow, onSome: (at) => DateTime.max(at, signedNow) })
  return DateTime.addDuration(last, Duration.times(LONGEST_LEEWAY, 2))
}
