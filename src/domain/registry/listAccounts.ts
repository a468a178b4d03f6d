import { Effect } from "effect"
import type { Principal } from "../access/Principal.ts"
import { CredentialStore } from "./CredentialStore.ts"

/** The registries the caller has credentials for, and under which name. */
export const listAccounts = Effect.fn("listAccounts")(function* (caller: Principal) {
  const store = yield* CredentialStore
  return yield* store.accountsOf(caller.user.id)
})
