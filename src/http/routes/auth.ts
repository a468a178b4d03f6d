import { Effect, Schema } from "effect"
import { register as enrol } from "../../domain/identity/register.ts"
import { signIn } from "../../domain/identity/signIn.ts"
import { signInWithCookie } from "../../domain/identity/signInWithCookie.ts"
import { Countries } from "../../domain/network/Countries.ts"
import { SessionSettings } from "../../domain/session/SessionSettings.ts"
import { refresh as exchange } from "../../domain/token/refresh.ts"
import { type SignOut, signOut } from "../../domain/token/signOut.ts"
import * as api from "../api/auth.ts"
import { CookieSessionDocument, TokensDocument } from "../api/documents.ts"
import { json } from "../Reply.ts"
import { rawRoute, route } from "../route.ts"
import { clearCookie, setCookie } from "../sessionCookie.ts"
import { viewSession } from "../view/session.ts"
import { viewTokens } from "../view/tokens.ts"
import { viewUser } from "../view/user.ts"

export const register = route(api.register, ({ payload, client }) =>
  Effect.map(enrol({ ...payload, name: payload.name ?? null }, client), viewTokens)
)

const encodeTokens = Schema.encodeSync(TokensDocument)
const encodeSession = Schema.encodeSync(CookieSessionDocument)

export const login = rawRoute(
  api.login,
  Effect.fnUntraced(function* ({ payload, client, cookie, notForeign }) {
    if (payload.mode !== "cookie") return json(200, encodeTokens(viewTokens(yield* signIn(payload, client))))
    // Whoever is made to sign in to an account of somebody else's tells them what they do there (login CSRF).
    yield* notForeign
    const { user, grants, session, secret } = yield* signInWithCookie(payload, cookie, client)
    const countries = yield* Countries
    const body = { user: viewUser(user, grants), session: viewSession(session.id, countries.of)(session) }
    const { max } = yield* SessionSettings
    return json(200, encodeSession(body), setCookie(secret, max))
  })
)

export const refresh = route(api.refresh, ({ payload, client }) =>
  Effect.map(exchange(payload.refresh_token, client), viewTokens)
)

const goodbyes = {
  revoked: { message: "Successfully logged out", detail: "Token has been invalidated", revoked: true },
  "nothing-to-revoke": {
    message: "Logout completed",
    detail: "Nothing was invalidated: no valid token was sent",
    revoked: false
  },
  "stores-unreachable": {
    message: "Logout completed",
    detail: "Local session cleared (backend cleanup may have failed)",
    revoked: false
  }
} satisfies Record<SignOut, typeof api.LogoutDocument.Type>

export const logout = rawRoute(
  api.logout,
  Effect.fnUntraced(function* ({ payload, bearer, cookie, client, sameOrigin }) {
    if (cookie !== undefined) yield* sameOrigin
    const end = yield* signOut(
      {
        ...(bearer === undefined ? {} : { accessToken: bearer }),
        ...(payload.refresh_token === undefined ? {} : { refreshToken: payload.refresh_token }),
        ...(cookie === undefined ? {} : { cookie })
      },
      client
    )
    // Another site can send a browser here without its cookie; the answer must not take the cookie away.
    return json(200, goodbyes[end], cookie === undefined ? {} : clearCookie)
  })
)
