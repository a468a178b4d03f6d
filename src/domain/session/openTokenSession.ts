import { Effect } from "effect"
import type { Client } from "../Client.ts"
import { record } from "../event/record.ts"
import type { RefreshToken } from "../token/RefreshToken.ts"
import { RefreshTokens } from "../token/RefreshTokens.ts"
import { open } from "./open.ts"

/**
 * Opens the session that a new refresh token names and starts its family. Belongs inside a unit of work, as `open` does.
 */
export const openTokenSession = Effect.fn("openTokenSession")(function* (first: RefreshToken, client: Client) {
  const refreshTokens = yield* RefreshTokens
  yield* open({
    id: first.sessionId,
    kind: "token",
    userId: first.userId,
    client,
    createdAt: first.issuedAt,
    expiresAt: first.expiresAt
  })
  yield* refreshTokens.begin(first)
  yield* record({ type: "sign-in.succeeded", client, userId: first.userId, sessionId: first.sessionId })
})
