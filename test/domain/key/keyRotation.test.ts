import { fc, it } from "@fast-check/vitest"
import { DateTime, Duration, Option, Result } from "effect"
import { describe, expect } from "vitest"
import { isTrusted, type Key, type KeyState } from "../../../src/domain/key/Key.ts"
import {
  keyRotation,
  PUBLISHED_AHEAD,
  PUBLISHED_KEPT,
  retiresUntil,
  type Step,
  type Wish
} from "../../../src/domain/key/keyRotation.ts"
import { LONGEST_ACCESS_TTL } from "../../../src/domain/token/AccessToken.ts"
import { KeyId } from "../../../src/domain/token/TokenSigner.ts"
import { LONGEST_LEEWAY } from "../../../src/domain/token/TokenSettings.ts"

type Utc = DateTime.Utc
const START = DateTime.makeUnsafe("2026-11-21T10:00:00Z")
const later = (at: Utc, minutes: number) => DateTime.addDuration(at, Duration.minutes(minutes))

/** What a key has signed, and what a verifier was given. */
interface Token {
  readonly kid: KeyId
  readonly access: boolean
  readonly expiresAt: Utc
}
interface Copy {
  readonly at: Utc
  readonly kids: ReadonlyArray<KeyId>
}

interface World {
  readonly now: Utc
  readonly ring: ReadonlyArray<Key>
  readonly tokens: ReadonlyArray<Token>
  readonly copies: ReadonlyArray<Copy>
  readonly dropped: ReadonlyArray<KeyId>
  /** Keys that had to sign earlier than they should, because another was dropped. */
  readonly hurried: ReadonlyArray<KeyId>
  readonly made: number
}

interface Rules {
  readonly rotateEvery: Option.Option<Duration.Duration>
  readonly refreshTtl: Duration.Duration
}

const become = (key: Key, state: KeyState, since: Utc): Key => ({ ...key, state, since })

const taken = (world: World, step: Step, wish: Wish, rules: Rules): World => {
  const { now, ring } = world
  const isDrop = wish._tag === "Drop"
  const hurry = (id: KeyId) => (isDrop ? [...world.hurried, id] : world.hurried)
  const change = (id: KeyId, state: KeyState) => ring.map((key) => (key.id === id ? become(key, state, now) : key))
  switch (step._tag) {
    case "Publish": {
      const id = KeyId.make(`key ${world.made}`)
      const key: Key = { id, createdAt: now, since: now, state: { _tag: step.as } }
      return {
        ...world,
        ring: [...ring, key],
        made: world.made + 1,
        hurried: step.as === "Current" ? hurry(id) : world.hurried
      }
    }
    case "Activate":
      return { ...world, ring: change(step.key, { _tag: "Current" }), hurried: hurry(step.key) }
    case "Retire": {
      // Only of refresh tokens it is known when they end.
      const ends = world.tokens.filter(({ kid, access }) => kid === step.key && !access).map((token) => token.expiresAt)
      const last = ends.length === 0 ? Option.none() : Option.some(ends.reduce(DateTime.max))
      return { ...world, ring: change(step.key, { _tag: "Retiring", until: retiresUntil(now, last, rules) }) }
    }
    case "Remove":
      return {
        ...world,
        ring: ring.filter(({ id }) => id !== step.key),
        dropped: isDrop ? [...world.dropped, step.key] : world.dropped
      }
  }
}

const currents = ({ ring }: World) => ring.filter(({ state }) => state._tag === "Current")
const trustedKids = ({ ring, now }: World) => ring.filter(({ state }) => isTrusted(state, now)).map(({ id }) => id)

/** Every world on the way, the last of which is what the wish leaves; nothing changes when it is refused. */
const wished = (world: World, wish: Wish, rules: Rules): ReadonlyArray<World> => {
  const steps = Result.getOrElse(keyRotation(world.ring, wish, world.now, rules), () => [])
  const way = [world]
  for (const step of steps) way.push(taken(way.at(-1) ?? world, step, wish, rules))
  return way
}

/** A verifier fetches the keys, and somebody gets tokens signed. */
const used = (world: World, { refreshTtl }: Rules): World => {
  const kid = currents(world)[0]?.id
  if (kid === undefined) return world
  const refresh: Token = { kid, access: false, expiresAt: DateTime.addDuration(world.now, refreshTtl) }
  const access: Token = { kid, access: true, expiresAt: DateTime.addDuration(world.now, LONGEST_ACCESS_TTL) }
  return {
    ...world,
    tokens: [...world.tokens, refresh, access],
    copies: [...world.copies, { at: world.now, kids: trustedKids(world) }]
  }
}

const nothingYet: World = { now: START, ring: [], tokens: [], copies: [], dropped: [], hurried: [], made: 0 }

/** Minutes that pass, and then what somebody wants; some keys are dropped by their place in the ring. */
const event = fc.record({
  minutes: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 60 * 24 * 40 })),
  will: fc.oneof(
    { weight: 6, arbitrary: fc.constant("due" as const) },
    { weight: 5, arbitrary: fc.constant("rotate" as const) },
    { weight: 1, arbitrary: fc.nat({ max: 5 }) }
  ),
  refreshTtl: fc.integer({ min: 1, max: 365 }).map(Duration.days)
})
interface Event {
  readonly minutes: number
  readonly will: "due" | "rotate" | number
  readonly refreshTtl: Duration.Duration
}

const every = fc
  .option(fc.integer({ min: 1, max: 60 }).map(Duration.days), { nil: undefined })
  .map(Option.fromUndefinedOr)
const history = fc.array(event, { maxLength: 40 })

const wishOf = (ring: ReadonlyArray<Key>, will: Event["will"]): Wish => {
  if (will === "due") return { _tag: "WhatIsDue" }
  if (will === "rotate") return { _tag: "Rotate" }
  return { _tag: "Drop", key: ring[will % Math.max(1, ring.length)]?.id ?? "current" }
}

/** The worlds of a history, with those between single steps. */
const worlds = (events: ReadonlyArray<Event>, rotateEvery: Rules["rotateEvery"]): ReadonlyArray<World> => {
  const all = [nothingYet]
  for (const { minutes, will, refreshTtl } of [
    { minutes: 0, will: "due", refreshTtl: Duration.days(7) } as const,
    ...events
  ]) {
    const before = all.at(-1) ?? nothingYet
    // No two things happen in one millisecond.
    const now = DateTime.add(later(before.now, minutes), { milliseconds: 1 })
    const rules = { rotateEvery, refreshTtl }
    const way = wished({ ...before, now }, wishOf(before.ring, will), rules)
    all.push(...way, used(way.at(-1) ?? before, rules))
  }
  return all
}

describe("the keys of an installation", () => {
  it.prop([history, every])(
    "are one current and one next at most, at every step; after it exactly one each",
    (events, often) => {
      const all = worlds(events, often)
      for (const { ring } of all) {
        for (const state of ["Current", "Next"]) {
          expect(ring.filter((key) => key.state._tag === state).length).toBeLessThanOrEqual(1)
        }
      }
      const { ring } = all.at(-1) ?? nothingYet
      expect(
        ring
          .filter(({ state }) => state._tag !== "Retiring")
          .map(({ state }) => state._tag)
          .toSorted()
      ).toEqual(["Current", "Next"])
    }
  )

  it.prop([history, every])("sign only what every copy of them that may still be kept can verify", (events, often) => {
    for (const world of worlds(events, often)) {
      const oldest = DateTime.subtractDuration(world.now, PUBLISHED_KEPT)
      for (const { id } of currents(world)) {
        if (world.hurried.includes(id)) continue
        for (const { at, kids } of world.copies) {
          if (DateTime.isGreaterThan(at, oldest)) expect(kids, `${id} of ${DateTime.formatIso(at)}`).toContain(id)
        }
      }
    }
  })

  it.prop([history, every])("include the key of every live token, unless it was dropped", (events, often) => {
    for (const world of worlds(events, often)) {
      const kids = trustedKids(world)
      for (const { kid, expiresAt } of world.tokens) {
        const end = DateTime.addDuration(expiresAt, LONGEST_LEEWAY)
        if (DateTime.isLessThan(world.now, end) && !world.dropped.includes(kid)) expect(kids).toContain(kid)
      }
    }
  })

  it.prop([history, every])(
    "never include a dropped key again, nor one past its deadline once it was looked at",
    (events, often) => {
      for (const { ring, dropped, now } of worlds(events, often)) {
        for (const { id } of ring) expect(dropped).not.toContain(id)
        const due = Result.getOrThrow(keyRotation(ring, { _tag: "WhatIsDue" }, now, { rotateEvery: often }))
        const over = ring.filter(
          ({ state }) => state._tag === "Retiring" && DateTime.isLessThanOrEqualTo(state.until, now)
        )
        expect(due.filter(({ _tag }) => _tag === "Remove")).toEqual(over.map(({ id }) => ({ _tag: "Remove", key: id })))
      }
    }
  )

  it.prop([history, every])("need nothing more when what is due was done", (events, often) => {
    const rules = { rotateEvery: often, refreshTtl: Duration.days(7) }
    const done = wished(worlds(events, often).at(-1) ?? nothingYet, { _tag: "WhatIsDue" }, rules).at(-1) ?? nothingYet
    expect(keyRotation(done.ring, { _tag: "WhatIsDue" }, done.now, rules)).toEqual(Result.succeed([]))
  })

  it.prop([fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 100 * 24 * 60 })])(
    "take turns when the current one has signed as long as it may, and not before",
    (days, minutes) => {
      const rules = { rotateEvery: Option.some(Duration.days(days)), refreshTtl: Duration.days(7) }
      const first = wished(nothingYet, { _tag: "WhatIsDue" }, rules).at(-1) ?? nothingYet
      const due = keyRotation(first.ring, { _tag: "WhatIsDue" }, later(START, minutes), rules)
      expect(Result.getOrThrow(due).length > 0).toBe(minutes >= days * 24 * 60)
      const never = { ...rules, rotateEvery: Option.none() }
      expect(keyRotation(first.ring, { _tag: "WhatIsDue" }, later(START, minutes), never)).toEqual(Result.succeed([]))
    }
  )
})

describe("a key that stops signing", () => {
  const life = fc.integer({ min: 1, max: 60 * 24 * 60 }).map(Duration.minutes)

  it.prop([life, fc.option(fc.integer({ min: -100_000, max: 100_000 }), { nil: undefined })])(
    "is kept for whatever it may have signed up to that moment, and two leeways, and no longer",
    (refreshTtl, minutes) => {
      const last = minutes === undefined ? START : later(START, minutes)
      const until = retiresUntil(START, minutes === undefined ? Option.none() : Option.some(last), { refreshTtl })
      const ends = [last, DateTime.addDuration(START, refreshTtl), DateTime.addDuration(START, LONGEST_ACCESS_TTL)]
      expect(until).toEqual(DateTime.addDuration(ends.reduce(DateTime.max), Duration.times(LONGEST_LEEWAY, 2)))
    }
  )
})

describe("a rotation by command", () => {
  const rules = { rotateEvery: Option.none(), refreshTtl: Duration.days(7) }
  const first = wished(nothingYet, { _tag: "WhatIsDue" }, rules).at(-1) ?? nothingYet
  const rotated = wished({ ...first, now: later(START, 1) }, { _tag: "Rotate" }, rules).at(-1) ?? nothingYet
  const stateOf = ({ ring }: World) => Object.fromEntries(ring.map(({ id, state }) => [id, state._tag]))

  it("goes at once with the first keys, for nobody has a copy without them", () => {
    expect(stateOf(first)).toEqual({ "key 0": "Current", "key 1": "Next" })
    expect(stateOf(rotated)).toEqual({ "key 0": "Retiring", "key 1": "Current", "key 2": "Next" })
  })

  it("waits, otherwise, until every verifier can have seen the next key", () => {
    const ready = DateTime.addDuration(rotated.now, PUBLISHED_AHEAD)
    const again = (now: Utc) => keyRotation(rotated.ring, { _tag: "Rotate" }, now, rules)
    expect(Result.getOrThrow(Result.flip(again(DateTime.subtract(ready, { milliseconds: 1 }))))).toMatchObject({
      _tag: "RotatedTooSoon",
      next: "key 2",
      readyAt: ready
    })
    expect(Result.getOrThrow(again(ready)).map(({ _tag }) => _tag)).toEqual(["Retire", "Activate", "Publish"])
  })

  it("after a leak waits for nobody: the key is gone, whatever its state", () => {
    const drop = (key: KeyId | "current") => stateOf(wished(rotated, { _tag: "Drop", key }, rules).at(-1) ?? nothingYet)
    expect(drop(KeyId.make("key 0"))).toEqual({ "key 1": "Current", "key 2": "Next" })
    expect(drop("current")).toEqual({ "key 0": "Retiring", "key 2": "Current", "key 3": "Next" })
    expect(drop(KeyId.make("key 2"))).toEqual({ "key 0": "Retiring", "key 1": "Current", "key 3": "Next" })
    const unknown = keyRotation(rotated.ring, { _tag: "Drop", key: KeyId.make("key 9") }, START, rules)
    expect(Result.getOrThrow(Result.flip(unknown))).toMatchObject({ _tag: "NotFound", what: "key" })
    expect(Result.isFailure(keyRotation([], { _tag: "Drop", key: "current" }, START, rules))).toBe(true)
  })

  it("of a ring with no next key publishes one first, and of one with no current key lets the next one sign", () => {
    const without = (tag: string) => first.ring.filter(({ state }) => state._tag !== tag)
    const steps = (tag: string) => Result.getOrThrow(keyRotation(without(tag), { _tag: "Rotate" }, START, rules))
    expect(steps("Next")).toEqual([{ _tag: "Publish", as: "Next" }])
    expect(steps("Current")).toEqual([
      { _tag: "Activate", key: "key 1" },
      { _tag: "Publish", as: "Next" }
    ])
  })
})
