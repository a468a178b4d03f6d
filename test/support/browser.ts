import { type Answer, rest } from "./rest.ts"

/** A browser at one service: it keeps the session's cookie, sends it with each request, and says where that comes from. */
export interface Browser {
  readonly call: (
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>
  ) => Promise<Answer>
  /** The cookie as it would be sent now; a thief can have read it. */
  readonly cookie: () => string
}

export const SESSION_COOKIE = "__Host-session_id"

export const browser = (url: string, planted = ""): Browser => {
  let jar = planted
  return {
    cookie: () => jar,
    call: async (method, path, body, headers = {}) => {
      const answer = await rest(url).send(
        method,
        path,
        { origin: url, "sec-fetch-site": "same-origin", ...(jar === "" ? {} : { cookie: jar }), ...headers },
        body
      )
      const set = answer.headers.get("set-cookie")
      if (set !== null) jar = set.includes("Max-Age=0") ? "" : set.slice(0, set.indexOf(";"))
      return answer
    }
  }
}

/** A browser in which somebody signed in with a cookie, and what they were answered. */
export const signedIn = async (
  url: string,
  credentials: { readonly email: string; readonly password: string },
  planted = ""
) => {
  const own = browser(url, planted)
  const { status, body } = await own.call("POST", "/auth/login", { ...credentials, mode: "cookie" })
  if (status !== 200) throw new Error(`signing in was answered with ${status}`)
  return { ...own, session: String(body.session.id) }
}
