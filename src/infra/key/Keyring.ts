import type { DateTime } from "effect"
import { isTrusted } from "../../domain/key/Key.ts"
import type { SigningKey } from "./SigningKey.ts"

/** The keys of an installation, one of which is current. */
export type Keyring = ReadonlyArray<SigningKey>

/** The keys whose tokens are accepted, which are those that are published. */
export const trusted = (ring: Keyring, now: DateTime.Utc): Keyring => ring.filter(({ state }) => isTrusted(state, now))

export const trustedKey = (ring: Keyring, id: string, now: DateTime.Utc): SigningKey | undefined =>
  trusted(ring, now).find((key) => key.id === id)

export const currentOf = (ring: Keyring): SigningKey | undefined => ring.find(({ state }) => state._tag === "Current")
