import { DateTime } from "effect"
import type { SigningKey } from "./SigningKey.ts"

/** The keys of an installation, one of which is current. */
export type Keyring = ReadonlyArray<SigningKey>

/**
 * The keys whose tokens are accepted, which are those that are published: all but the retiring ones past their deadline. The
 * next key is among them, for another process may have begun to sign with it.
 */
export const trusted = (ring: Keyring, now: DateTime.Utc): Keyring =>
  ring.filter(({ state }) => state._tag !== "Retiring" || DateTime.isLessThan(now, state.until))

export const trustedKey = (ring: Keyring, id: string, now: DateTime.Utc): SigningKey | undefined =>
  trusted(ring, now).find((key) => key.id === id)

export const currentOf = (ring: Keyring): SigningKey | undefined => ring.find(({ state }) => state._tag === "Current")
