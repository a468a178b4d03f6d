import { parseCookie, type SetCookie, stringifySetCookie } from "cookie"
import { Duration, Redacted } from "effect"
import type { Request } from "express"
import { SessionSecret } from "../domain/session/SessionSecret.ts"
import { SESSION_COOKIE } from "./api/Caller.ts"

/** `__Host-` binds it to this host alone: no other one, not a subdomain either, can set or overwrite it (RFC 6265bis §4.1.3.2). */
const ATTRIBUTES = { name: SESSION_COOKIE, httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const

/** What the request's session cookie says; nothing is known of it yet. */
export const sessionSecret = (request: Request): SessionSecret | undefined => {
  const value = parseCookie(request.headers.cookie ?? "")[SESSION_COOKIE]
  return value === undefined ? undefined : SessionSecret.make(Redacted.make(value))
}

const header = (cookie: Pick<SetCookie, "value" | "maxAge">) => ({
  "Set-Cookie": stringifySetCookie({ ...ATTRIBUTES, ...cookie })
})

/** Hands a browser its session's secret, for as long as the session can live: when it ends before that is for us to say. */
export const setCookie = (secret: SessionSecret, lifetime: Duration.Duration) =>
  header({ value: Redacted.value(secret), maxAge: Math.floor(Duration.toSeconds(lifetime)) })

export const clearCookie = header({ value: "", maxAge: 0 })
