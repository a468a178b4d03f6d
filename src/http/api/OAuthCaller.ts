import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import { oauthErrors } from "./OAuthError.ts"

/** As `Caller`, for an endpoint whose errors are OAuth's (RFC 7662 §2.1: the caller is known by a bearer token). */
export class OAuthCaller extends HttpApiMiddleware.Service<OAuthCaller>()("keyhole/http/api/OAuthCaller", {
  requiredForClient: true,
  security: {
    bearer: HttpApiSecurity.http({ scheme: "bearer" }).pipe(HttpApiSecurity.annotate(OpenApi.Format, "JWT"))
  },
  error: oauthErrors("token-missing", "token-invalid", "token-expired", "token-revoked", "storage-unavailable")
}) {}
