import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { callerSecurity } from "./Caller.ts"
import { oauthErrors } from "./OAuthError.ts"

/** As `Caller`, for an endpoint whose errors are OAuth's (RFC 7662 §2.1: the caller is known by a bearer token). */
export class OAuthCaller extends HttpApiMiddleware.Service<OAuthCaller>()("keyhole/http/api/OAuthCaller", {
  requiredForClient: true,
  security: callerSecurity,
  error: oauthErrors("token-missing", "token-invalid", "token-expired", "token-revoked", "csrf", "storage-unavailable")
}) {}
