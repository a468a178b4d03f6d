import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto"
import { promisify } from "node:util"
import { calculateJwkThumbprint } from "jose/jwk/thumbprint"
import { Effect } from "effect"
import type { KeyState } from "../../domain/key/Key.ts"
import { KeyId, type PublicKey } from "../../domain/token/TokenSigner.ts"

/** A key with both its halves. */
export interface SigningKey {
  readonly id: KeyId
  readonly state: KeyState
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: PublicKey
}

// Twice the length costs five times the signature; a key signs for weeks, its tokens live for days (RFC 7518 §3.3 asks for 2048).
const MODULUS_BITS = 2048

/** A key of which the private half is known, in PKCS #8. */
export const fromPkcs8 = Effect.fnUntraced(function* (pkcs8: Uint8Array, state: KeyState) {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" })
  const publicKey = createPublicKey(privateKey)
  const { kty, n, e } = publicKey.export({ format: "jwk" })
  if (kty !== "RSA" || n === undefined || e === undefined) return yield* Effect.die(new Error("not an RSA key"))
  const id = KeyId.make(yield* Effect.promise(() => calculateJwkThumbprint({ kty, n, e })))
  const key: SigningKey = { id, state, privateKey, publicKey, jwk: { kty, n, e, kid: id, use: "sig", alg: "RS256" } }
  return key
})

/** A new key's private half, in PKCS #8. */
export const generate: Effect.Effect<Uint8Array> = Effect.promise(async () => {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: MODULUS_BITS })
  return privateKey.export({ format: "der", type: "pkcs8" })
})
