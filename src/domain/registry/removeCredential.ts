import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import { NotFound } from "../NotFound.ts"
import { UnitOfWork } from "../storage/UnitOfWork.ts"
import { CredentialStore } from "./CredentialStore.ts"
import type { RegistryHost } from "./RegistryHost.ts"

/** Forgets what the caller logged in to a registry with. Sessions that are opened from now on are without it. */
export const removeCredential = Effect.fn("removeCredential")(function* (
  caller: Principal,
  host: RegistryHost,
  client: Client
) {
  const store = yield* CredentialStore
  const unit = yield* UnitOfWork
  const { user, sessionId } = caller
  yield* unit.transaction(
    Effect.gen(function* () {
      if (!(yield* store.remove(user.id, host))) return yield* new NotFound({ what: "registry credential" })
      yield* record({ type: "registry.credential.removed", client, userId: user.id, sessionId, detail: { host } })
    })
  )
})
