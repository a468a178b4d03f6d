import { type KeyObject, sign as rsaSign, verify as rsaVerify } from "node:crypto"
import { Effect } from "effect"

/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3). */
export const ALGORITHM = "RS256"
const DIGEST = "sha256"

/**
 * On libuv's pool, which has threads beside those that hash: a signature takes longer than all the rest that a read asks of the
 * event loop, ten times over (docs/adr/0065).
 */
export const sign = (input: string, key: KeyObject): Effect.Effect<Buffer> =>
  Effect.callback<Buffer>((resume) => {
    rsaSign(DIGEST, Buffer.from(input), key, (error, signature) => {
      resume(error === null ? Effect.succeed(signature) : Effect.die(error))
    })
  })

/** At once: it takes 20 µs, and in the pool it would wait behind hashes for milliseconds (docs/adr/0005). */
export const verify = (signed: Buffer, key: KeyObject, signature: Buffer): boolean =>
  rsaVerify(DIGEST, signed, key, signature)
