import { Effect } from "effect"
import { register as enrol } from "../../domain/identity/register.ts"
import { signIn } from "../../domain/identity/signIn.ts"
import { refresh as exchange } from "../../domain/token/refresh.ts"
import { type SignOut, signOut } from "../../domain/token/signOut.ts"
import * as api from "../api/auth.ts"
import { route } from "../route.ts"
import { viewTokens } from "../view/tokens.ts"

export const register = route(api.register, ({ payload, client }) =>
  Effect.map(enrol({ ...payload, name: payload.name ?? null }, client), viewTokens)
)

export const login = route(api.login, ({ payload, client }) => Effect.map(signIn(payload, client), viewTokens))

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

export const logout = route(api.logout, ({ payload, bearer, client }) =>
  Effect.map(
    signOut(
      {
        ...(bearer === undefined ? {} : { accessToken: bearer }),
        ...(payload.refresh_token === undefined ? {} : { refreshToken: payload.refresh_token })
      },
      client
    ),
    (end) => goodbyes[end]
  )
)
