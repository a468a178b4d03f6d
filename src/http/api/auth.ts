import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Email } from "../../domain/identity/Email.ts"
import { DisplayName } from "../../domain/identity/User.ts"
import { TokensDocument } from "./documents.ts"
import { problems } from "./Problem.ts"
import { Secret } from "./Secret.ts"

export const register = HttpApiEndpoint.post("register", "/auth/register", {
  payload: Schema.Struct({ email: Email, password: Secret, name: Schema.optionalKey(DisplayName) }),
  success: TokensDocument.pipe(HttpApiSchema.status(201)),
  error: problems(
    "invalid-request",
    "weak-password",
    "email-taken",
    "rate-limited",
    "overloaded",
    "storage-unavailable",
    "token-invalid"
  )
}).annotate(OpenApi.Summary, "Make an account with the role viewer, and sign in to it")

export const login = HttpApiEndpoint.post("login", "/auth/login", {
  payload: Schema.Struct({
    email: Email,
    password: Secret,
    mode: Schema.optionalKey(Schema.Literal("token"))
  }),
  success: TokensDocument,
  error: problems(
    "invalid-request",
    "invalid-credentials",
    "rate-limited",
    "overloaded",
    "storage-unavailable",
    "token-invalid"
  )
}).annotate(OpenApi.Summary, "Sign in: a new session beside the ones there are")

export const refresh = HttpApiEndpoint.post("refresh", "/auth/refresh", {
  payload: Schema.Struct({ refresh_token: Secret }),
  success: TokensDocument,
  error: problems(
    "invalid-request",
    "token-invalid",
    "token-expired",
    "token-revoked",
    "refresh-reused",
    "storage-unavailable"
  )
}).annotate(OpenApi.Summary, "Exchange a refresh token for new tokens")

export const LogoutDocument = Schema.Struct({
  message: Schema.String,
  detail: Schema.String,
  revoked: Schema.Boolean
}).annotate({ identifier: "Logout" })

/** It does not need a caller: an expired or missing token must not keep anybody signed in. */
export const logout = HttpApiEndpoint.post("logout", "/auth/logout", {
  payload: Schema.Struct({ refresh_token: Schema.optionalKey(Secret) }),
  success: LogoutDocument,
  error: problems("invalid-request")
})
  .annotate(OpenApi.Summary, "Sign out: close the session of the access token, of the refresh token, or of both")
  .annotate(OpenApi.Description, "The body may be left out. The answer is 200 whatever was sent; `revoked` is honest.")
  .annotate(OpenApi.Transform, (operation) => ({
    ...operation,
    requestBody: { ...operation["requestBody"], required: false }
  }))

export class Auth extends HttpApiGroup.make("auth", { topLevel: true })
  .add(register, login, refresh, logout)
  .annotate(OpenApi.Title, "Sign-in") {}
