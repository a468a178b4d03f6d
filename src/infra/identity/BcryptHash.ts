import { Redacted } from "effect"
import type { PasswordHash } from "../../domain/identity/PasswordHasher.ts"
import type { Assessment } from "./Argon2Hash.ts"

// The prefixes of one algorithm's repaired implementations; `$2x$` marks hashes of a broken one.
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z\d]{53}$/u
const LEAST_COST = 4
// Four times what is usual, about a second's work; each step doubles it, and 31 would take days.
const MOST_COST = 14
/** What bcrypt looks at of a password: everything after it could be anything. */
const MOST_BYTES = 72

/** Whether a stored hash claims to be bcrypt's; nothing is made with bcrypt here, but brought from elsewhere. */
export const isBcrypt = (hash: PasswordHash): boolean => Redacted.value(hash).startsWith("$2")

/** Judges by the hash's own cost, before any of its work is done. What is good is outdated all the same. */
export const assessBcrypt = (hash: PasswordHash): Assessment => {
  const cost = Number(BCRYPT.exec(Redacted.value(hash))?.[1])
  return cost >= LEAST_COST && cost <= MOST_COST ? "outdated" : "refused"
}

/** A password of which bcrypt would ignore a part matches nothing, after the same work. */
export const bcryptMatches = async (password: Redacted.Redacted<string>, hash: PasswordHash): Promise<boolean> => {
  const text = Redacted.value(password)
  // Few have such hashes, and none for long: see `outdated`.
  const { verify } = await import("@node-rs/bcrypt")
  const matches = await verify(text, Redacted.value(hash))
  return matches && Buffer.byteLength(text) <= MOST_BYTES
}
