import { Duration, Redacted } from "effect"
import type { Tokens } from "../../domain/token/issue.ts"
import type { TokensDocument } from "../api/documents.ts"
import { viewUser } from "./user.ts"

// Signing takes some milliseconds of what is left; to the nearest second nothing has passed.
const wholeSeconds = (duration: Duration.Duration): number => Math.round(Duration.toSeconds(duration))

/** The one place where tokens leave their wrapping. */
export const viewTokens = (tokens: Tokens): TokensDocument => ({
  access_token: Redacted.value(tokens.accessToken),
  token_type: "Bearer",
  expires_in: wholeSeconds(tokens.accessExpiresIn),
  refresh_token: Redacted.value(tokens.refreshToken),
  refresh_expires_in: wholeSeconds(tokens.refreshExpiresIn),
  session_id: tokens.sessionId,
  user: viewUser(tokens.user, tokens.grants)
})
