import { Layer, Redacted } from "effect"
import * as Guesses from "../../src/infra/identity/Guesses.ts"
import * as KeyStore from "../../src/infra/key/KeyStore.ts"
import * as CredentialStore from "../../src/infra/registry/CredentialStore.ts"
import { MasterSecret } from "../../src/infra/secret/MasterSecret.ts"
import * as Vault from "../../src/infra/secret/Vault.ts"

const masterSecret = (text: string) =>
  Layer.succeed(MasterSecret, { bytes: Redacted.make(new TextEncoder().encode(text)) })

/** A vault under this secret. */
export const vaultUnder = (text: string) => Layer.provide(Vault.layer, masterSecret(text))

/** The secret of a test that does not mind which. */
const secret = "a secret of thirty-two bytes or more"

/** Guesses, counted as the product counts them. */
export const guesses = Layer.provide(Guesses.database, masterSecret(secret))

const vault = vaultUnder(secret)

/** Signing keys, sealed as the product seals them. */
export const keyStore = Layer.provide(KeyStore.layer, vault)

/** Registry logins, sealed as the product seals them. */
export const credentialStore = Layer.provide(CredentialStore.layer, vault)
