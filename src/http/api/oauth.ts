import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { Permission } from "../../domain/access/Permission.ts"
import { RoleName } from "../../domain/access/Role.ts"
import { SessionId } from "../../domain/session/Session.ts"
import { CLIENT_ID } from "../../domain/token/AccessToken.ts"
import { BodyExample } from "./BodyExample.ts"
import { NeedsPermission } from "./Caller.ts"
import { OAuthCaller } from "./OAuthCaller.ts"
import { oauthErrors, oauthErrorWith, SpeaksOAuth } from "./OAuthError.ts"
import { invalidQuery } from "./problem/schemas.ts"

const Url = Schema.String.annotate({ format: "uri" })

const Metadata = Schema.Struct({
  issuer: Url,
  jwks_uri: Url,
  introspection_endpoint: Url,
  introspection_endpoint_auth_methods_supported: Schema.Array(Schema.Literal("Bearer")),
  revocation_endpoint: Url,
  revocation_endpoint_auth_methods_supported: Schema.Array(Schema.Literal("none")),
  response_types_supported: Schema.Array(Schema.String),
  grant_types_supported: Schema.Array(Schema.String),
  scopes_supported: Schema.Array(Permission),
  service_documentation: Url
}).annotate({ identifier: "AuthorizationServerMetadata" })

export const metadata = HttpApiEndpoint.get("metadata", "/.well-known/oauth-authorization-server", {
  success: Metadata,
  error: invalidQuery
}).annotate(OpenApi.Summary, "Where the standard endpoints are, and what they do (RFC 8414)")

/** Both take the same form. Tokens are issued to one client, and public clients name themselves (RFC 6749 §3.2.1). */
const TokenForm = Schema.Struct({
  token: Schema.RedactedFromValue(Schema.String),
  token_type_hint: Schema.optionalKey(Schema.String),
  client_id: Schema.optionalKey(Schema.Literal(CLIENT_ID))
}).pipe(HttpApiSchema.asFormUrlEncoded())

const sessionFields = {
  active: Schema.Literal(true),
  client_id: Schema.String,
  username: Schema.String,
  iss: Schema.String,
  aud: Schema.String,
  sub: Schema.String,
  exp: Schema.Int,
  iat: Schema.Int,
  nbf: Schema.Int,
  jti: Schema.String,
  sid: SessionId
}

const IntrospectionDocument = Schema.Union([
  Schema.Struct({
    ...sessionFields,
    token_type: Schema.Literal("Bearer"),
    token_use: Schema.Literal("access_token"),
    scope: Schema.String,
    roles: Schema.Array(RoleName)
  }),
  Schema.Struct({ ...sessionFields, token_use: Schema.Literal("refresh_token") }),
  Schema.Struct({ active: Schema.Literal(false) })
]).annotate({ identifier: "Introspection" })
export type IntrospectionDocument = typeof IntrospectionDocument.Type

export const introspect = HttpApiEndpoint.post("introspect", "/oauth/introspect", {
  payload: TokenForm,
  success: IntrospectionDocument,
  error: oauthErrors("invalid-request", "forbidden")
})
  .middleware(OAuthCaller)
  .annotate(NeedsPermission, "token:introspect")
  .annotate(SpeaksOAuth, true)
  .annotate(OpenApi.Summary, "Whether a token is live, and what it says (RFC 7662)")
  .annotate(BodyExample, { token: "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9…" })
  .annotate(
    OpenApi.Description,
    "`scope` and `roles` are those of this moment. A resource server must see `token_use` be `access_token`. The hint is not needed."
  )

export const revoke = HttpApiEndpoint.post("revoke", "/oauth/revoke", {
  payload: TokenForm,
  success: HttpApiSchema.Empty(200),
  error: [...oauthErrors("invalid-request", "storage-unavailable"), oauthErrorWith(400, ["unsupported_token_type"])]
})
  .annotate(SpeaksOAuth, true)
  .annotate(OpenApi.Summary, "Revoke a token with its session (RFC 7009)")
  .annotate(BodyExample, { token: "eyJhbGciOiJSUzI1NiIsInR5cCI6InJ0K2p3dCJ9…" })
  .annotate(
    OpenApi.Description,
    "Holding the token is enough. The answer is 200 for a token that is unknown or revoked already, too. The hint is not needed."
  )

export class OAuth extends HttpApiGroup.make("oauth", { topLevel: true })
  .add(metadata, introspect, revoke)
  .annotate(OpenApi.Title, "Standard endpoints")
  .annotate(OpenApi.Description, "What other services ask, in the words of OAuth (RFC 7009, 7662, 8414).") {}
