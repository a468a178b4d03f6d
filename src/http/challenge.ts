const REALM = 'Bearer realm="keyhole"'

/** The challenge of a 401 when no token was sent (RFC 6750 §3). */
export const challenge = { "WWW-Authenticate": REALM }

/** The challenge when a token was sent and is no good (RFC 6750 §3.1). */
export const invalidToken = (description: string) => ({
  "WWW-Authenticate": `${REALM}, error="invalid_token", error_description="${description}"`
})

/** The challenge of a 403: the token is good, and not enough. */
export const insufficientScope = (scope: string) => ({
  "WWW-Authenticate": `${REALM}, error="insufficient_scope", scope="${scope}"`
})
