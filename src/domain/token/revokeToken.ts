import { Effect, Option, type Redacted } from "effect"
import type { Client } from "../Client.ts"
import { ACCESS_TOKEN_TYPE } from "./AccessToken.ts"
import { REFRESH_TOKEN_TYPE } from "./RefreshToken.ts"
import { closeNamed } from "./signOut.ts"
import { TokenSigner } from "./TokenSigner.ts"

const REVOCABLE: ReadonlySet<string> = new Set([ACCESS_TOKEN_TYPE, REFRESH_TOKEN_TYPE])

/**
 * Revokes a token with the session it belongs to: of two tokens of one grant, neither outlives the other (RFC 7009 §2.1).
 * Whatever cannot be verified revokes nothing, and is as revoked as its holder can wish (§2.2). `unsupported` is a token of
 * ours that is neither.
 */
export const revokeToken = Effect.fn("revokeToken")(function* (token: Redacted.Redacted<string>, client: Client) {
  const signer = yield* TokenSigner
  const opened = yield* signer.open(token).pipe(
    Effect.asSome,
    Effect.catchTag("TokenInvalid", () => Effect.succeedNone)
  )
  if (Option.isNone(opened)) return "done" as const
  if (!REVOCABLE.has(opened.value.type)) return "unsupported" as const
  yield* closeNamed({ accessToken: token, refreshToken: token }, client)
  return "done" as const
})
