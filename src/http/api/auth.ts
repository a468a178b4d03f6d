import { Schema } from "effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { Email } from "../../domain/identity/Email.ts"
import { DisplayName } from "../../domain/identity/User.ts"
import { BodyExample } from "./BodyExample.ts"
import { CookieSessionDocument, TokensDocument } from "./documents.ts"
import { problems } from "./problem/schemas.ts"
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
})
  .annotate(OpenApi.Summary, "Make an account with the role viewer, and sign in to it")
  .annotate(BodyExample, { email: "ada@example.com", password: "a lighthouse at noon", name: "Ada" })

export const login = HttpApiEndpoint.post("login", "/auth/login", {
  payload: Schema.Struct({
    email: Email,
    password: Secret,
    mode: Schema.optionalKey(Schema.Literals(["token", "cookie"]))
  }),
  success: [TokensDocument, CookieSessionDocument],
  error: problems(
    "invalid-request",
    "invalid-credentials",
    "csrf",
    "rate-limited",
    "overloaded",
    "storage-unavailable",
    "token-invalid"
  )
})
  .annotate(OpenApi.Summary, "Sign in: a new session beside the ones there are")
  .annotate(BodyExample, { email: "ada@example.com", password: "a lighthouse at noon" })
  .annotate(
    OpenApi.Description,
    "With the mode `cookie`, for browsers, the answer sets the session's cookie and holds no token; the session of a cookie that was sent is closed."
  )

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
})
  .annotate(OpenApi.Summary, "Exchange a refresh token for new tokens")
  .annotate(BodyExample, { refresh_token: "eyJhbGciOiJSUzI1NiIsInR5cCI6InJ0K2p3dCJ9…" })

export const LogoutDocument = Schema.Struct({
  message: Schema.String,
  detail: Schema.String,
  revoked: Schema.Boolean
}).annotate({ identifier: "Logout" })

/** It does not need a caller: an expired or missing token must not keep anybody signed in. */
export const logout = HttpApiEndpoint.post("logout", "/auth/logout", {
  payload: Schema.Struct({ refresh_token: Schema.optionalKey(Secret) }),
  success: LogoutDocument,
  error: problems("invalid-request", "csrf")
})
  .annotate(
    OpenApi.Summary,
    "Sign out: close the session of the access token, of the refresh token, of the cookie, or of all of them"
  )
  .annotate(BodyExample, { refresh_token: "eyJhbGciOiJSUzI1NiIsInR5cCI6InJ0K2p3dCJ9…" })
  .annotate(
    OpenApi.Description,
    "The body may be left out. The answer is 200 whatever tokens were sent; `revoked` is honest. A cookie needs proof of same origin."
  )
  .annotate(OpenApi.Transform, (operation) => ({
    ...operation,
    requestBody: { ...operation["requestBody"], required: false }
  }))

export class Auth extends HttpApiGroup.make("auth", { topLevel: true })
  .add(register, login, refresh, logout)
  .annotate(OpenApi.Title, "Sign-in")
  .annotate(OpenApi.Description, "Accounts are made here, sessions begun, gone on with and ended.") {}
