import { DateTime, Effect } from "effect"
import type { Client } from "../Client.ts"
import { Identifiers } from "../Identifiers.ts"
import { openTokenSession } from "../session/openTokenSession.ts"
import { issue, newRefreshToken } from "../token/issue.ts"
import { letIn } from "./letIn.ts"
import { type Credentials, prove } from "./prove.ts"

/** A new session for whoever the credentials belong to, beside the sessions they have. */
export const signIn = Effect.fn("signIn")(function* (credentials: Credentials, client: Client) {
  const identifiers = yield* Identifiers
  const proof = yield* prove(credentials, client)
  const refreshToken = yield* newRefreshToken(yield* identifiers.session, proof.account.user.id)
  const { user } = yield* letIn(proof, yield* DateTime.now, client, openTokenSession(refreshToken, client))
  return yield* issue(user, refreshToken)
})
