import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/EventLog.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { CredentialStore } from "./CredentialStore.ts"
import type { RegistryLogin } from "./RegistryCredentials.ts"
import type { RegistryHost } from "./RegistryHost.ts"

/** Keeps what the caller logs in to a registry with. Whether it is right only the registry knows, and only when asked. */
export const setCredential = Effect.fn("setCredential")(function* (
  caller: Principal,
  host: RegistryHost,
  login: RegistryLogin,
  client: Client
) {
  const store = yield* CredentialStore
  const unit = yield* UnitOfWork
  const { user, sessionId } = caller
  yield* unit.transaction(
    Effect.andThen(
      store.keep(user.id, host, login),
      record({ type: "registry.credential.set", client, userId: user.id, sessionId, detail: { host } })
    )
  )
})
