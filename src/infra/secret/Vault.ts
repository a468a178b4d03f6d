import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto"
import { Context, Effect, Layer, Redacted, Schema } from "effect"
import { MasterSecret } from "./MasterSecret.ts"

/** What a sealed value is for. Every purpose has its own key, so that a value of one never opens as one of another. */
export type Purpose = "signing-key" | "registry-credential"

/** Not sealed with this secret for this purpose and record, or changed since. */
export class SealBroken extends Schema.TaggedError<SealBroken>()("SealBroken", { purpose: Schema.String }) {}

/** Encrypts what is kept at rest, bound to what it is for and to the record it belongs to. */
export class Vault extends Context.Service<
  Vault,
  {
    readonly seal: (purpose: Purpose, record: string, plain: Redacted.Redacted<Uint8Array>) => Effect.Effect<Uint8Array>
    readonly open: (
      purpose: Purpose,
      record: string,
      sealed: Uint8Array
    ) => Effect.Effect<Redacted.Redacted<Uint8Array>, SealBroken>
  }
>()("keyhole/infra/secret/Vault") {}

// AES-256-GCM (NIST SP 800-38D): version, nonce, ciphertext, tag. A random 96-bit nonce is good for 2^32 values a key.
const CIPHER = "aes-256-gcm"
const VERSION = 1
const NONCE = 12
const TAG = 16

const associatedData = (purpose: Purpose, record: string) => Buffer.from(JSON.stringify([VERSION, purpose, record]))

const deriveKey = (secret: Redacted.Redacted<Uint8Array>, purpose: Purpose): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", Redacted.value(secret), "keyhole/vault/1", purpose, 32)))

export const layer = Layer.effect(
  Vault,
  Effect.gen(function* () {
    const { bytes } = yield* MasterSecret
    const keys: Readonly<Record<Purpose, KeyObject>> = {
      "signing-key": deriveKey(bytes, "signing-key"),
      "registry-credential": deriveKey(bytes, "registry-credential")
    }
    return Vault.of({
      seal: (purpose, record, plain) =>
        Effect.sync(() => {
          const nonce = randomBytes(NONCE)
          const cipher = createCipheriv(CIPHER, keys[purpose], nonce, { authTagLength: TAG })
          cipher.setAAD(associatedData(purpose, record))
          const body = [cipher.update(Redacted.value(plain)), cipher.final()]
          return Buffer.concat([Uint8Array.of(VERSION), nonce, ...body, cipher.getAuthTag()])
        }),
      open: (purpose, record, sealed) =>
        Effect.try({
          try: () => {
            if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) throw new Error("unknown envelope")
            const nonce = sealed.subarray(1, 1 + NONCE)
            const decipher = createDecipheriv(CIPHER, keys[purpose], nonce, { authTagLength: TAG })
            decipher.setAAD(associatedData(purpose, record))
            decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
            const body = sealed.subarray(1 + NONCE, sealed.length - TAG)
            return Redacted.make(Buffer.concat([decipher.update(body), decipher.final()]))
          },
          catch: () => new SealBroken({ purpose })
        })
    })
  })
)
