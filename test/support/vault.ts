import { Layer, Redacted } from "effect"
import * as CredentialStore from "../../src/infra/registry/CredentialStore.ts"
import { MasterSecret } from "../../src/infra/secret/MasterSecret.ts"
import * as Vault from "../../src/infra/secret/Vault.ts"

/** A vault under this secret. */
export const vaultUnder = (secret: string) =>
  Layer.provide(Vault.layer, Layer.succeed(MasterSecret, { bytes: Redacted.make(new TextEncoder().encode(secret)) }))

/** Registry logins, sealed as the product seals them. */
export const credentialStore = Layer.provide(CredentialStore.layer, vaultUnder("a secret of thirty-two bytes or more"))
