import { Context } from "effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import type { Permission } from "../../domain/access/Permission.ts"
import { problems } from "./problem/schemas.ts"

export const SESSION_COOKIE = "__Host-session_id"

/** How a caller says who they are. */
export const callerSecurity = {
  bearer: HttpApiSecurity.http({ scheme: "bearer" }).pipe(HttpApiSecurity.annotate(OpenApi.Format, "JWT")),
  cookie: HttpApiSecurity.apiKey({ in: "cookie", key: SESSION_COOKIE }).pipe(
    HttpApiSecurity.annotate(
      OpenApi.Description,
      "A call that changes something also needs proof of same origin: each of `Origin` and `Sec-Fetch-Site` that is sent must agree, at least one must be there."
    )
  )
}

/** Marks an endpoint that needs a caller: who sends no good access token and no good cookie gets one of these problems. */
export class Caller extends HttpApiMiddleware.Service<Caller>()("keyhole/http/api/Caller", {
  requiredForClient: true,
  security: callerSecurity,
  error: problems("token-missing", "token-invalid", "token-expired", "token-revoked", "csrf", "storage-unavailable")
}) {}

/** The permission an endpoint asks of its caller; null when being somebody is enough. */
export const NeedsPermission = Context.Reference<Permission | null>("keyhole/http/api/NeedsPermission", {
  defaultValue: () => null
})
