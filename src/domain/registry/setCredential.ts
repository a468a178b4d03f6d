import { Effect, Option } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { UserRepository } from "../identity/UserRepository.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { TokenRevoked } from "../token/TokenError.ts"
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
  const users = yield* UserRepository
  const { user, sessionId } = caller
  yield* unit.transaction(
    Effect.gen(function* () {
      // Who was deleted since the request came in has nothing to keep it with.
      if (Option.isNone(yield* users.hold(user.id))) return yield* new TokenRevoked()
      yield* store.keep(user.id, host, login)
      yield* record({ type: "registry.credential.set", client, userId: user.id, sessionId, detail: { host } })
    })
  )
})
