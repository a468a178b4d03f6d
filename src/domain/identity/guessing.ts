import { DateTime, Duration } from "effect"

/** How many failures within a window are too many. */
interface Rule {
  readonly limit: number
  readonly window: Duration.Duration
}

/**
 * What guesses are counted by: the place they come from, the account they are made on, and the two together. Who makes an
 * account guesses at none: such attempts are counted by place alone.
 */
export type Kind = "pair" | "place" | "account"

export interface GuessingRules extends Readonly<Record<Kind, Rule>> {
  /** The first wait; each that follows is twice as long. */
  readonly firstWait: Duration.Duration
  readonly longestWait: Duration.Duration
  /** How long a place from which somebody signed in to an account is known to it. */
  readonly knownFor: Duration.Duration
}

export const rules: GuessingRules = {
  pair: { limit: 10, window: Duration.minutes(1) },
  place: { limit: 100, window: Duration.minutes(1) },
  account: { limit: 100, window: Duration.hours(1) },
  firstWait: Duration.minutes(1),
  longestWait: Duration.minutes(15),
  knownFor: Duration.days(30)
}

/** What is remembered of the failures of one kind. Times are milliseconds since 1970. */
export interface Tally {
  /** When the failures were that still count. */
  readonly failures: ReadonlyArray<number>
  /** Waits that followed upon each other, the one that ends at `waitUntil` included. */
  readonly strikes: number
  readonly waitUntil: number
  /** Whether somebody was turned away in this wait. */
  readonly told: boolean
}

export const clean: Tally = { failures: [], strikes: 0, waitUntil: 0, told: false }

/** All that is remembered of one attempt's account and place. */
export interface Standing {
  readonly tallies: Readonly<Partial<Record<Kind, Tally>>>
  /** When somebody last signed in to the account from the place. */
  readonly signedInAt: number | null
}

export type Verdict = { readonly _tag: "Allowed" } | { readonly _tag: "Wait"; readonly until: DateTime.Utc }

/** Strikes are forgiven one by one, each after as long without another as the longest wait takes. */
const strikesLeft = ({ strikes, waitUntil }: Tally, now: number, { longestWait }: GuessingRules): number =>
  Math.max(0, strikes - Math.floor(Math.max(0, now - waitUntil) / Duration.toMillis(longestWait)))

const waitAfter = (strikes: number, { firstWait, longestWait }: GuessingRules): number =>
  Math.min(Duration.toMillis(longestWait), Duration.toMillis(firstWait) * 2 ** (strikes - 1))

/** The first strike whose wait is the longest: there are no more, so that the quiet that forgives all is bounded too. */
const mostStrikes = ({ firstWait, longestWait }: GuessingRules): number =>
  Math.ceil(Math.log2(Duration.toMillis(longestWait) / Duration.toMillis(firstWait))) + 1

/** One failure more. The one that fills the allowance begins a wait, twice as long as the last; after it half as many are allowed. */
const counted = (tally: Tally, now: number, { limit, window }: Rule, all: GuessingRules): Tally => {
  const failures = [...tally.failures.filter((at) => at > now - Duration.toMillis(window)), now]
  const strikes = strikesLeft(tally, now, all)
  if (failures.length < Math.max(1, Math.floor(limit / 2 ** strikes))) return { ...tally, failures }
  const next = Math.min(strikes + 1, mostStrikes(all))
  return { failures: [], strikes: next, waitUntil: now + waitAfter(next, all), told: false }
}

const KINDS: ReadonlyArray<Kind> = ["pair", "place", "account"]

/**
 * The tallies that count for this attempt. That others guess at an account is nothing to a place from which its owner
 * signed in: nobody locks them out from elsewhere.
 */
const judged = ({ tallies, signedInAt }: Standing, now: number, { knownFor }: GuessingRules) => {
  const isKnown = signedInAt !== null && now - signedInAt <= Duration.toMillis(knownFor)
  return KINDS.flatMap((kind) => {
    const tally = tallies[kind]
    return tally === undefined || (kind === "account" && isKnown) ? [] : [{ kind, tally }]
  })
}

/** Whether an attempt may be made, or have its outcome told. */
export const verdict = (standing: Standing, now: DateTime.Utc, all: GuessingRules): Verdict => {
  const at = DateTime.toEpochMillis(now)
  const until = Math.max(0, ...judged(standing, at, all).map(({ tally }) => tally.waitUntil))
  return until > at ? { _tag: "Wait", until: DateTime.makeUnsafe(until) } : { _tag: "Allowed" }
}

/** The tallies that make this attempt wait and have turned nobody away before. */
export const unheard = (standing: Standing, now: DateTime.Utc, all: GuessingRules): ReadonlyArray<Kind> => {
  const at = DateTime.toEpochMillis(now)
  return judged(standing, at, all).flatMap(({ kind, tally }) => (tally.waitUntil > at && !tally.told ? [kind] : []))
}

/** The standing after a failure; one that has to wait is not told its outcome, and so does not count. */
export const afterFailure = (standing: Standing, now: DateTime.Utc, all: GuessingRules): Standing => {
  if (verdict(standing, now, all)._tag === "Wait") return standing
  const at = DateTime.toEpochMillis(now)
  const more = judged(standing, at, all).map(({ kind, tally }) => [kind, counted(tally, at, all[kind], all)] as const)
  return { ...standing, tallies: { ...standing.tallies, ...Object.fromEntries(more) } }
}

/** The standing after a sign-in: the place is known, and what failed there on this account is forgotten; nothing else is. */
export const afterSuccess = (standing: Standing, now: DateTime.Utc, all: GuessingRules): Standing =>
  verdict(standing, now, all)._tag === "Wait"
    ? standing
    : { tallies: { ...standing.tallies, pair: clean }, signedInAt: DateTime.toEpochMillis(now) }

/** From when on a tally, and the sign-in beside it, are as good as none. */
export const endOf = (
  kind: Kind,
  { failures, strikes, waitUntil }: Tally,
  signedInAt: number | null,
  all: GuessingRules
): number =>
  Math.max(
    waitUntil + strikes * Duration.toMillis(all.longestWait),
    (failures.at(-1) ?? 0) + Duration.toMillis(all[kind].window),
    signedInAt === null ? 0 : signedInAt + Duration.toMillis(all.knownFor)
  )
