import type { Tokens } from "./documents.ts"
import type { Keeper } from "./Keeper.ts"
import { Problem } from "./Problem.ts"
import type { Kept, Store } from "./Store.ts"
import type { Tabs } from "./tabs.ts"
import { documentOf, type Send } from "./wire.ts"

/** An access token with less time than this, in milliseconds, is replaced before it is sent. */
const SOON = 30_000
/** How long an exchange of tokens may take, in milliseconds: others wait for it, or take it for dead. */
const EXCHANGE = 10_000
/** How long a log-out waits for the service, in milliseconds. */
const PATIENCE = 5_000

const keep = ({ access_token, refresh_token, expires_in, user }: Tokens, now: number): Kept => ({
  access_token,
  refresh_token,
  expires_at: now + expires_in * 1000,
  user
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** A session as an access token and a refresh token, of which the second is for one use. */
export const tokenKeeper = (send: Send, store: Store, tabs: Tabs): Keeper => {
  const post = (path: string, body: object, signal?: AbortSignal) =>
    documentOf<Tokens>(send({ method: "POST", path, body, signal }, {}, "omit"))
  const keepAll = (tokens: Tokens) => {
    store.save(keep(tokens, Date.now()))
    return tokens.user
  }
  let underWay: Promise<boolean> | undefined

  /** Exchanges the tokens, unless somebody else has done so already. */
  const exchange = async (refused: string): Promise<boolean> => {
    const kept = store.load()
    if (kept === undefined) return false
    if (kept.access_token !== refused) return true
    const tokens = await post("/auth/refresh", { refresh_token: kept.refresh_token }, AbortSignal.timeout(EXCHANGE))
    // Whoever signed out meanwhile has signed out: their session is closed, and these tokens are worth nothing.
    if (store.load()?.refresh_token === kept.refresh_token) keepAll(tokens)
    return store.load() !== undefined
  }

  const renewOnce = (refused: string): Promise<boolean> => {
    underWay ??= tabs
      .alone(() => exchange(refused))
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }

  return {
    signIn: async ({ email, password }) => keepAll(await post("/auth/login", { email, password })),
    register: async (registration) => keepAll(await post("/auth/register", registration)),
    resume: async () => store.load()?.user,
    proof: async () => {
      const kept = store.load()
      if (kept !== undefined && kept.expires_at - Date.now() < SOON) await renewOnce(kept.access_token)
      const fresh = store.load()
      return { headers: fresh === undefined ? {} : bearer(fresh.access_token), cookies: "omit" }
    },
    renew: ({ headers }) => renewOnce(headers["authorization"]?.slice("Bearer ".length) ?? ""),
    rename: (user) => {
      const kept = store.load()
      if (kept !== undefined) store.save({ ...kept, user })
    },
    leave: async () => {
      const kept = store.load()
      store.clear()
      if (kept === undefined) return false
      const body = { refresh_token: kept.refresh_token }
      const signal = AbortSignal.timeout(PATIENCE)
      const call = { method: "POST", path: "/auth/logout", body, signal } as const
      return documentOf<{ readonly revoked: boolean }>(send(call, bearer(kept.access_token), "omit")).then(
        ({ revoked }) => revoked,
        () => false
      )
    },
    forget: () => store.clear()
  }
}

/** Whether a session cannot be gone on with after this. */
export const isEnd = (error: unknown): boolean =>
  error instanceof Problem &&
  error.status === 401 &&
  (error.code.startsWith("token-") || error.code === "refresh-reused")
