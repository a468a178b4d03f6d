import { Effect, Option } from "effect"
import type { Principal } from "../access/Principal.ts"
import { CredentialStore } from "./CredentialStore.ts"
import { credentialOf, RegistryCredentials } from "./RegistryCredentials.ts"

/** Gives an operation the credentials of its caller. For those who are signed in this is the only source of any. */
export const withOwnCredentials =
  ({ user }: Principal) =>
  <A, E, R>(operation: Effect.Effect<A, E, R>) =>
    Effect.provideServiceEffect(
      operation,
      RegistryCredentials,
      Effect.map(CredentialStore, (store) =>
        RegistryCredentials.of({
          forHost: (host) => Effect.map(store.find(user.id, host), Option.map(credentialOf))
        })
      )
    )
