import { oauthNames, oauthStatus } from "./api/OAuthError.ts"
import type { Problem } from "./problem/Problem.ts"
import { json, type Reply } from "./Reply.ts"

/** What `error_description` may hold (RFC 6749 §5.2): ASCII without quotation marks and backslashes. */
const plain = (text: string): string => text.replaceAll(/["\\]/gu, "'").replaceAll(/[^ -~]/gu, "?")

export const oauthError = (
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {}
): Reply => json(status, { error, error_description: plain(description) }, headers)

const nameOf = ({ code, status }: Problem): string => {
  const names: Readonly<Record<string, string | undefined>> = oauthNames
  return names[code] ?? (status >= 500 ? "server_error" : "invalid_request")
}

/** A problem as the endpoints below `/oauth` send it. */
export const ofOAuthProblem = (problem: Problem): Reply =>
  oauthError(oauthStatus(problem.status), nameOf(problem), problem.detail, problem.headers)
