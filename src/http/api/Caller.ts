import { Context } from "effect"
import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import type { Permission } from "../../domain/access/Permission.ts"
import { problems } from "./Problem.ts"

/** Marks an endpoint that needs a caller: who sends no good access token gets one of these problems. */
export class Caller extends HttpApiMiddleware.Service<Caller>()("keyhole/http/api/Caller", {
  requiredForClient: true,
  security: {
    bearer: HttpApiSecurity.http({ scheme: "bearer" }).pipe(HttpApiSecurity.annotate(OpenApi.Format, "JWT"))
  },
  error: problems("token-missing", "token-invalid", "token-expired", "token-revoked", "storage-unavailable")
}) {}

/** The permission an endpoint asks of its caller; null when being somebody is enough. */
export const NeedsPermission = Context.Reference<Permission | null>("keyhole/http/api/NeedsPermission", {
  defaultValue: () => null
})
