import { Context, type Effect, type Option } from "effect"
import type { UserId } from "../identity/User.ts"
import type { StorageUnavailable } from "../storage/StorageUnavailable.ts"
import type { RegistryLogin } from "./RegistryCredentials.ts"
import type { RegistryHost } from "./RegistryHost.ts"

/** Somebody's account at a registry, as far as it is shown. */
export interface RegistryAccount {
  readonly host: RegistryHost
  readonly username: string
}

/** What users log in to registries with, one login for each user and host, unreadable at rest. */
export class CredentialStore extends Context.Service<
  CredentialStore,
  {
    /** Keeps the login in place of the one the user had for the host. */
    readonly keep: (user: UserId, host: RegistryHost, login: RegistryLogin) => Effect.Effect<void, StorageUnavailable>
    /** True when there was one. */
    readonly remove: (user: UserId, host: RegistryHost) => Effect.Effect<boolean, StorageUnavailable>
    /** The user's own login for exactly this host. */
    readonly find: (user: UserId, host: string) => Effect.Effect<Option.Option<RegistryLogin>, StorageUnavailable>
    /** In the order of their hosts. */
    readonly accountsOf: (user: UserId) => Effect.Effect<ReadonlyArray<RegistryAccount>, StorageUnavailable>
  }
>()("keyhole/domain/registry/CredentialStore") {}
