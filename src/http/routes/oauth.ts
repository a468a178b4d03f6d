import { Effect } from "effect"
import { Permission } from "../../domain/access/Permission.ts"
import { introspect as ask } from "../../domain/token/introspect.ts"
import { revokeToken } from "../../domain/token/revokeToken.ts"
import { TokenSettings } from "../../domain/token/TokenSettings.ts"
import * as api from "../api/oauth.ts"
import { oauthError } from "../oauthError.ts"
import { rawRoute, route } from "../route.ts"
import { viewIntrospection } from "../view/introspection.ts"

const FRESH = { "Cache-Control": "public, max-age=3600" }

export const metadata = route(
  api.metadata,
  Effect.fnUntraced(function* () {
    const { issuer } = yield* TokenSettings
    const at = (path: string) => issuer.replace(/\/$/u, "") + path
    return {
      issuer,
      jwks_uri: at("/.well-known/jwks.json"),
      introspection_endpoint: at("/oauth/introspect"),
      introspection_endpoint_auth_methods_supported: ["Bearer" as const],
      revocation_endpoint: at("/oauth/revoke"),
      revocation_endpoint_auth_methods_supported: ["none" as const],
      // Said although it is nothing: what is left out has a default, and that would be the authorization code (RFC 8414 §2).
      response_types_supported: [],
      grant_types_supported: [],
      scopes_supported: Permission.literals,
      service_documentation: at("/docs")
    }
  }),
  FRESH
)

export const introspect = route(api.introspect, ({ payload }) => Effect.map(ask(payload.token), viewIntrospection))

export const revoke = rawRoute(
  api.revoke,
  Effect.fnUntraced(function* ({ payload, client }) {
    const end = yield* revokeToken(payload.token, client)
    return end === "unsupported"
      ? oauthError(400, "unsupported_token_type", "Access tokens and refresh tokens are revoked here, and nothing else")
      : { status: 200, headers: {}, body: null }
  })
)
