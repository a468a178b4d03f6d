import { fc, test } from "@fast-check/vitest"
import { DateTime, Duration } from "effect"
import { describe, expect } from "vitest"
import {
  afterFailure,
  afterSuccess,
  clean,
  endOf,
  type Kind,
  rules,
  type Standing,
  type Tally,
  unheard,
  verdict
} from "../../../src/domain/identity/guessing.ts"

const EPOCH = Date.UTC(2026, 10, 21)
const at = (millis: number) => DateTime.makeUnsafe(millis)
const minute = Duration.toMillis(Duration.minutes(1))
const longest = Duration.toMillis(rules.longestWait)

const kind = fc.constantFrom<Kind>("pair", "place", "account")
const tally: fc.Arbitrary<Tally> = fc.record({
  failures: fc
    .array(fc.integer({ min: EPOCH - 90 * minute, max: EPOCH }), { maxLength: 9 })
    .map((times) => times.toSorted((one, other) => one - other)),
  strikes: fc.integer({ min: 0, max: 5 }),
  waitUntil: fc.integer({ min: EPOCH - 120 * minute, max: EPOCH + 15 * minute }),
  told: fc.boolean()
})
const signedInAt = fc.option(fc.integer({ min: EPOCH - 60 * 24 * 60 * minute, max: EPOCH }))
const standing: fc.Arbitrary<Standing> = fc.record({
  tallies: fc.record({ pair: tally, place: tally, account: tally }),
  signedInAt
})
const alone = (of: Kind, one: Tally): Standing => ({ tallies: { [of]: one }, signedInAt: null })
const untilOf = (one: Standing, now: number): number => {
  const found = verdict(one, at(now), rules)
  return found._tag === "Allowed" ? now : DateTime.toEpochMillis(found.until)
}

/** Somebody who tries again after each of these times, wrong each time: when they were told so. */
const told = (of: Kind, gaps: ReadonlyArray<number>) => {
  let [now, now_standing] = [EPOCH, alone(of, clean)]
  const outcomes: Array<number> = []
  for (const gap of gaps) {
    now += gap
    if (verdict(now_standing, at(now), rules)._tag === "Allowed") outcomes.push(now)
    now_standing = afterFailure(now_standing, at(now), rules)
  }
  return outcomes
}

/** The waits of somebody who tries again as soon as they may. */
const waits = (of: Kind, tries: number) => {
  let [now, now_standing] = [EPOCH, alone(of, clean)]
  const found: Array<number> = []
  for (let attempt = 0; attempt < tries; attempt++) {
    now_standing = afterFailure(now_standing, at(now), rules)
    const until = untilOf(now_standing, now)
    if (until > now) found.push(until - now)
    now = until
  }
  return found
}

describe("somebody who guesses", () => {
  test.prop([kind, fc.array(fc.integer({ min: 0, max: 2 * minute }), { maxLength: 300 })])(
    "is never told more outcomes in a window than its limit, however they time their attempts",
    (of, gaps) => {
      const { limit, window } = rules[of]
      const outcomes = told(
        of,
        gaps.map((gap) => Math.floor(gap / (of === "pair" ? 1 : 20)))
      )
      for (const start of outcomes) {
        const within = outcomes.filter((time) => time >= start && time < start + Duration.toMillis(window))
        expect(within.length).toBeLessThanOrEqual(limit)
      }
    }
  )

  test.prop([kind])("is allowed as many failures as the limit says, and then waits a minute", (of) => {
    const { limit } = rules[of]
    expect(
      told(
        of,
        Array.from({ length: limit }, () => 1)
      )
    ).toHaveLength(limit)
    expect(
      told(
        of,
        Array.from({ length: limit + 50 }, () => 1)
      )
    ).toHaveLength(limit)
    expect(waits(of, limit)).toEqual([minute])
  })

  test.prop([kind])("waits twice as long each time, to fifteen minutes", (of) => {
    const minutes = waits(of, 3 * rules[of].limit).map((wait) => wait / minute)
    expect(minutes.slice(0, 7)).toEqual([1, 2, 4, 8, 15, 15, 15])
  })

  test.prop([kind])("may guess half as often after each wait, and always once", (of) => {
    const { limit } = rules[of]
    const allowances = [1, 2, 4, 8, 16, 32, 32].map((part) => Math.max(1, Math.floor(limit / part)))
    const most = allowances.reduce((sum, each) => sum + each)
    expect(waits(of, most)).toHaveLength(allowances.length)
    expect(waits(of, most - 1)).toHaveLength(allowances.length - 1)
  })
})

describe("a wait", () => {
  test.prop([standing, fc.nat(120 * minute)])("is never longer than fifteen minutes", (given, later) => {
    const after = afterFailure(given, at(EPOCH + later), rules)
    expect(untilOf(after, EPOCH + later) - (EPOCH + later)).toBeLessThanOrEqual(longest)
  })

  test.prop([standing, fc.nat(120 * minute)])("is not shortened by one more failure", (given, later) => {
    const now = EPOCH + later
    expect(untilOf(afterFailure(given, at(now), rules), now)).toBeGreaterThanOrEqual(untilOf(given, now))
  })

  test.prop([standing])("is not lengthened by those who do not wait: their attempts do not count", (given) => {
    fc.pre(untilOf(given, EPOCH) > EPOCH)
    expect(afterFailure(given, at(EPOCH), rules)).toBe(given)
    expect(afterSuccess(given, at(EPOCH), rules)).toBe(given)
  })

  test.prop([kind])("is news when it has just begun, though the one before it was not", (of) => {
    const before = { ...clean, strikes: 9, told: true }
    const begun = afterFailure(alone(of, { ...before, waitUntil: EPOCH }), at(EPOCH), rules)
    expect(unheard(begun, at(EPOCH), rules)).toEqual([of])
  })

  test.prop([standing, kind])("is news until somebody heard of it", (given, of) => {
    const heard = { ...given, tallies: { ...given.tallies, [of]: { ...given.tallies[of], told: true } } }
    expect(unheard(heard, at(EPOCH), rules)).not.toContain(of)
    if (unheard(given, at(EPOCH), rules).length > 0) expect(untilOf(given, EPOCH)).toBeGreaterThan(EPOCH)
    const news = { ...clean, waitUntil: EPOCH + 1 }
    expect(unheard(alone(of, news), at(EPOCH), rules)).toEqual([of])
    expect(unheard(alone(of, news), at(EPOCH + 1), rules)).toEqual([])
  })
})

describe("quiet", () => {
  test.prop([kind, tally, fc.nat(minute)])("forgives everything in the end", (of, given, more) => {
    const now = endOf(of, given, null, rules) + more
    const fresh = afterFailure(alone(of, clean), at(now), rules)
    const { failures, strikes } = afterFailure(alone(of, given), at(now), rules).tallies[of] ?? clean
    expect(untilOf(alone(of, given), now)).toBe(now)
    expect(failures).toEqual(fresh.tallies[of]?.failures)
    expect(untilOf(afterFailure(alone(of, { ...given, failures, strikes }), at(now), rules), now)).toBe(now)
  })

  test.prop([kind, tally])("takes an hour and a half at most", (of, given) => {
    const known = Math.max(given.waitUntil, EPOCH)
    expect(endOf(of, given, null, rules)).toBeLessThanOrEqual(known + 75 * minute)
  })
})

describe("a strike", () => {
  test.prop([kind, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 6 })])(
    "is forgiven for each quarter of an hour without another, and no sooner",
    (of, strikes, quarters) => {
      const { limit } = rules[of]
      const given = alone(of, { ...clean, strikes, waitUntil: EPOCH })
      const allowed = (left: number) => Math.max(1, Math.floor(limit / 2 ** Math.max(0, left)))
      const triesUntilWait = (now: number) => {
        let [standing_now, tries] = [given, 0]
        while (untilOf(standing_now, now) === now) {
          standing_now = afterFailure(standing_now, at(now), rules)
          tries += 1
        }
        return tries
      }
      expect(triesUntilWait(EPOCH + quarters * longest)).toBe(allowed(strikes - quarters))
      expect(triesUntilWait(EPOCH + (quarters + 1) * longest - 1)).toBe(allowed(strikes - quarters))
    }
  )
})

describe("a place from which somebody signed in to the account", () => {
  const days = 24 * 60 * minute

  test.prop([tally, fc.integer({ min: 0, max: 30 * days })])(
    "is not held up by what others do, for thirty days",
    (account, ago) => {
      const given = { tallies: { pair: clean, place: clean, account }, signedInAt: EPOCH - ago }
      expect(verdict(given, at(EPOCH), rules)).toEqual({ _tag: "Allowed" })
      expect(afterFailure(given, at(EPOCH), rules).tallies.account).toEqual(account)
    }
  )

  test("is one to the last millisecond of them", () => {
    const account = { ...clean, waitUntil: EPOCH + 1 }
    const since = (ago: number) => verdict({ tallies: { account }, signedInAt: EPOCH - ago }, at(EPOCH), rules)._tag
    expect([since(30 * days), since(30 * days + 1)]).toEqual(["Allowed", "Wait"])
  })

  test.prop([fc.constantFrom("pair" as const, "place" as const), fc.integer({ min: 1, max: 15 * minute })])(
    "is held up by its own failures all the same, and by those of the place",
    (of, wait) => {
      const tallies = { pair: clean, place: clean, account: clean, [of]: { ...clean, waitUntil: EPOCH + wait } }
      expect(untilOf({ tallies, signedInAt: EPOCH }, EPOCH)).toBe(EPOCH + wait)
    }
  )

  test.prop([fc.integer({ min: 1, max: 15 * minute }), fc.integer({ min: 1, max: days })])(
    "is one like any other after that",
    (wait, more) => {
      const account = { ...clean, strikes: 1, waitUntil: EPOCH + wait }
      const given = { tallies: { pair: clean, place: clean, account }, signedInAt: EPOCH - 30 * days - more }
      expect(untilOf(given, EPOCH)).toBe(EPOCH + wait)
    }
  )

  test.prop([standing])("has its own failures on the account forgotten, and nothing else", (given) => {
    fc.pre(untilOf(given, EPOCH) === EPOCH)
    expect(afterSuccess(given, at(EPOCH), rules)).toEqual({
      tallies: { ...given.tallies, pair: clean },
      signedInAt: EPOCH
    })
  })

  test.prop([tally, fc.nat(60 * days)])("is remembered as long as that matters", (pair, ago) => {
    expect(endOf("pair", pair, EPOCH - ago, rules)).toBeGreaterThanOrEqual(EPOCH - ago + 30 * days)
  })
})
