import type { Email } from "../../domain/identity/Email.ts"
import type { Attempt } from "../../domain/identity/Guesses.ts"
import { clean, type Kind, type Standing, type Tally } from "../../domain/identity/guessing.ts"
import { placeOf } from "../../domain/network/Address.ts"

/** The keys under which an attempt's tallies are kept. */
export type Keys = Readonly<Partial<Record<Kind, string>>>

/** `nameOf` turns an address into the name of its account in the store. */
export const keysOf = ({ email, ipAddress }: Attempt, nameOf: (email: Email) => string): Keys => {
  const place = ipAddress === null ? "nowhere" : placeOf(ipAddress)
  if (email === null) return { place: `place ${place}` }
  const account = nameOf(email)
  return { pair: `pair ${account} ${place}`, place: `place ${place}`, account: `account ${account}` }
}

/** What is kept under one key. */
export interface Entry extends Tally {
  /** Of a pair: when somebody last signed in to the account from the place. */
  readonly signedInAt: number | null
}

const kinds = (keys: Keys): ReadonlyArray<readonly [Kind, string]> =>
  (["pair", "place", "account"] as const).flatMap((kind) => {
    const key = keys[kind]
    return key === undefined ? [] : [[kind, key] as const]
  })

/** The standing that the entries found under these keys make; what has none is clean. */
export const standingOf = (keys: Keys, find: (key: string) => Entry | undefined): Standing => ({
  tallies: Object.fromEntries(kinds(keys).map(([kind, key]) => [kind, find(key) ?? clean])),
  signedInAt: keys.pair === undefined ? null : (find(keys.pair)?.signedInAt ?? null)
})

/** The entries that keep a standing, each with its key and kind. */
export const entriesOf = (keys: Keys, { tallies, signedInAt }: Standing) =>
  kinds(keys).map(([kind, key]) => ({
    kind,
    key,
    entry: { ...(tallies[kind] ?? clean), signedInAt: kind === "pair" ? signedInAt : null } satisfies Entry
  }))
