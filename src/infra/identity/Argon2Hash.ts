import { randomBytes } from "node:crypto"
import { type Options, parseOptions } from "@node-rs/argon2"
import { Redacted, Result } from "effect"
import { PasswordHash } from "../../domain/identity/PasswordHasher.ts"

export interface Argon2Parameters {
  readonly memoryKiB: number
  readonly time: number
}

// The package declares its algorithms and versions as ambient constants, which do not exist at run time.
const ARGON2ID: NonNullable<Options["algorithm"]> = 2
const VERSION_19: NonNullable<Options["version"]> = 1

// RFC 9106 §3.1.
const SALT_BYTES = 16
const HASH_BYTES = 32

// What a stored hash may cost at most, beyond today's parameters: 256 MiB, and 1 GiB over all its passes (some 0.2 s).
const MAX_MEMORY_KIB = 262_144
const MAX_WORK_KIB = 1_048_576
const MAX_LANES = 16

export const optionsOf = ({ memoryKiB, time }: Argon2Parameters): Options => ({
  algorithm: ARGON2ID,
  version: VERSION_19,
  memoryCost: memoryKiB,
  timeCost: time,
  parallelism: 1,
  outputLen: HASH_BYTES
})

/** What is to be done with a stored hash. */
export type Assessment = "current" | "outdated" | "refused"

/** Judges a stored hash by its own parameters, before any of its work is done. */
export const assess = (hash: PasswordHash, today: Argon2Parameters): Assessment => {
  const parsed = Result.getOrUndefined(Result.try(() => parseOptions(Redacted.value(hash))))
  if (parsed === undefined) return "refused"
  const { algorithm, version, memoryCost, timeCost, parallelism, outputLen } = parsed
  const tooMuch =
    memoryCost > Math.max(MAX_MEMORY_KIB, today.memoryKiB) ||
    memoryCost * timeCost > Math.max(MAX_WORK_KIB, today.memoryKiB * today.time) ||
    parallelism > MAX_LANES
  if (tooMuch) return "refused"
  const weaker =
    algorithm !== ARGON2ID ||
    version !== VERSION_19 ||
    memoryCost < today.memoryKiB ||
    timeCost < today.time ||
    outputLen < HASH_BYTES
  return weaker ? "outdated" : "current"
}

const base64 = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "")

/** A hash of nothing: today's parameters, and a result that was drawn, not computed, so that no password has it. */
export const hashOfNothing = ({ memoryKiB, time }: Argon2Parameters): PasswordHash =>
  PasswordHash.make(
    Redacted.make(
      `$argon2id$v=19$m=${memoryKiB},t=${time},p=1$${base64(randomBytes(SALT_BYTES))}$${base64(randomBytes(HASH_BYTES))}`
    )
  )
