import type { Session, Tokens, User } from "./documents.ts"
import type { Keeper } from "./Keeper.ts"
import { Problem } from "./Problem.ts"
import type { Shelf } from "./Store.ts"
import { type Cookies, documentOf, type Send } from "./wire.ts"

/** How long a log-out waits for the service, in milliseconds. */
const PATIENCE = 5_000
/** Written where the browser keeps the cookie of somebody who has signed out, for no script can delete it. */
const OWED = "keyhole.log-out-owed"

/**
 * A session as a cookie, which no script sees. A log-out that the service did not hear is owed: nobody is signed in here
 * until it has been heard, whatever cookie the browser still sends.
 */
export const cookieKeeper = (send: Send, cookies: Cookies, shelf: Shelf): Keeper => {
  let leaving: Promise<boolean> = Promise.resolve(true)

  const hear = async (): Promise<boolean> => {
    const signal = AbortSignal.timeout(PATIENCE)
    const call = { method: "POST", path: "/auth/logout", signal } as const
    return documentOf<{ readonly revoked: boolean }>(send(call, {}, cookies)).then(
      ({ revoked }) => {
        // Whatever it could do: it has taken the cookie back.
        shelf.removeItem(OWED)
        return revoked
      },
      () => false
    )
  }

  const signIn: Keeper["signIn"] = async ({ email, password }) => {
    // The answer to a log-out clears the cookie: it must not arrive after the new one.
    await leaving
    const body = { email, password, mode: "cookie" }
    const call = { method: "POST", path: "/auth/login", body } as const
    const { user } = await documentOf<{ readonly user: User; readonly session: Session }>(send(call, {}, cookies))
    // The service closed the session whose cookie came with the sign-in.
    shelf.removeItem(OWED)
    return user
  }

  return {
    signIn,
    register: async (registration) => {
      // The session that comes with an account is one of tokens: it is closed, without the cookie of another one.
      const call = { method: "POST", path: "/auth/register", body: registration } as const
      const { access_token } = await documentOf<Tokens>(send(call, {}, "omit"))
      const authorization = { authorization: `Bearer ${access_token}` }
      await send({ method: "POST", path: "/auth/logout" }, authorization, "omit").catch(() => undefined)
      return signIn(registration)
    },
    resume: async () => {
      if (shelf.getItem(OWED) !== null) {
        leaving = hear()
        await leaving
        return undefined
      }
      return documentOf<User>(send({ path: "/users/me" }, {}, cookies)).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 401) return undefined
        throw error
      })
    },
    proof: async () => ({ headers: {}, cookies }),
    renew: async () => false,
    rename: () => undefined,
    leave: () => {
      shelf.setItem(OWED, "1")
      leaving = hear()
      return leaving
    },
    forget: () => undefined
  }
}
