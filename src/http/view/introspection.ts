import { CLIENT_ID } from "../../domain/token/AccessToken.ts"
import type { Introspection } from "../../domain/token/introspect.ts"
import type { IntrospectionDocument } from "../api/oauth.ts"

/** A token that is not live has nothing else said of it (RFC 7662 §2.2). */
export const viewIntrospection = (found: Introspection): IntrospectionDocument => {
  if (found._tag === "Inactive") return { active: false }
  const { claims, user } = found
  const { iss, aud, sub, exp, iat, nbf, jti, sid } = claims
  const session = { active: true as const, client_id: CLIENT_ID, username: user.email }
  const registered = { iss, aud, sub, exp, iat, nbf, jti, sid }
  return found._tag === "Refresh"
    ? { ...session, token_use: "refresh_token", ...registered }
    : {
        ...session,
        token_type: "Bearer",
        token_use: "access_token",
        scope: found.grants.join(" "),
        roles: user.roles,
        ...registered
      }
}
