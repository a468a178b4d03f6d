import { account } from "./account.ts"
import { administration } from "./administration.ts"
import { cookieKeeper } from "./cookieKeeper.ts"
import type { User } from "./documents.ts"
import { images } from "./images.ts"
import type { Credentials, Keeper, Registration } from "./Keeper.ts"
import { Problem } from "./Problem.ts"
import { inMemory, type Shelf, type Store } from "./Store.ts"
import { type News, noTabs, tabsNamed } from "./tabs.ts"
import { isEnd, tokenKeeper } from "./tokenKeeper.ts"
import { type Call, type Cookies, documentOf, type Fetch, sender } from "./wire.ts"

export type * from "./documents.ts"
export type { Step } from "./peek.ts"
export type { CallOptions, Carved, Wanted } from "./images.ts"
export type { Credentials, Registration } from "./Keeper.ts"
export { Problem, Unreachable } from "./Problem.ts"
export { inMemory, onShelf, type Kept, type Shelf, type Store } from "./Store.ts"

/** Who is signed in, as far as is known. A session that ended by itself is not one that was left. */
export type State =
  | { readonly status: "unknown" }
  | { readonly status: "signed-in"; readonly user: User }
  | { readonly status: "signed-out"; readonly because: "nobody" | "left" | "ended" }

export type Settings = {
  /** Where the service is, without a slash at the end; in a page of the service itself nothing. */
  readonly url?: string
  readonly fetch?: Fetch
} & (
  | { readonly mode: "token"; readonly store?: Store }
  | { readonly mode: "cookie"; readonly shelf: Shelf; readonly cookies?: Cookies; readonly name?: string }
)

const keeperOf = (settings: Settings, hear: (news: News) => void) => {
  const send = sender(settings.url ?? "", settings.fetch ?? ((input, init) => fetch(input, init)))
  if (settings.mode === "cookie") {
    const { shelf, cookies = "same-origin", name = "cookie" } = settings
    return { send, tabs: tabsNamed(name, hear), keeper: cookieKeeper(send, cookies, shelf) }
  }
  const store = settings.store ?? inMemory()
  const { shared, alone = noTabs.alone } = store
  const tabs = shared === undefined ? { ...noTabs, alone } : tabsNamed(shared, hear)
  return { send, tabs, keeper: tokenKeeper(send, store, tabs) }
}

/** A client of one service, for one person. */
export interface Client
  extends ReturnType<typeof account>,
    ReturnType<typeof images>,
    ReturnType<typeof administration> {
  readonly state: State
  /** Calls back whenever somebody signs in or out, here or in another tab; the answer ends that. */
  readonly subscribe: (listener: (state: State) => void) => () => void
  /** Finds out whether there is a session already. */
  readonly resume: () => Promise<User | undefined>
  readonly signIn: (credentials: Credentials) => Promise<User>
  readonly register: (registration: Registration) => Promise<User>
  /**
   * Signs out, here and in all tabs, before the service is asked and whatever it answers; `revoked` says whether it
   * closed the session.
   */
  readonly logout: () => Promise<{ readonly revoked: boolean }>
  /** Ends every session of the caller, this one included. */
  readonly logoutAll: () => Promise<{ readonly sessions_revoked: number }>
  /** Stops listening to other tabs. */
  readonly close: () => void
}

export const connect = (settings: Settings): Client => {
  let state: State = { status: "unknown" }
  const listeners = new Set<(state: State) => void>()
  const become = (next: State): void => {
    state = next
    for (const listener of listeners) listener(next)
  }
  const { send, tabs, keeper } = keeperOf(settings, (news) => {
    if (news === "signed-out") become({ status: "signed-out", because: "left" })
    else void resume().catch(() => undefined)
  })

  const enter = (user: User): User => {
    become({ status: "signed-in", user })
    tabs.tell("signed-in")
    return user
  }

  const end = (): void => {
    if (state.status === "signed-out") return
    keeper.forget()
    become({ status: "signed-out", because: "ended" })
  }

  const resume = async (): Promise<User | undefined> => {
    const user = await keeper.resume()
    become(user === undefined ? { status: "signed-out", because: "nobody" } : { status: "signed-in", user })
    return user
  }

  const tried = async (call: Call): Promise<Response> => {
    const proof = await keeper.proof()
    return send(call, proof.headers, proof.cookies).catch(async (error: unknown) => {
      const again = error instanceof Problem && error.code === "token-expired" && (await keeper.renew(proof))
      if (!again) throw error
      const better = await keeper.proof()
      return send(call, better.headers, better.cookies)
    })
  }

  const signed = (call: Call): Promise<Response> =>
    tried(call).catch((error: unknown) => {
      if (isEnd(error)) end()
      throw error
    })

  const own = account(signed)

  return {
    get state(): State {
      return state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    resume,
    signIn: async (credentials) => enter(await keeper.signIn(credentials)),
    register: async (registration) => enter(await keeper.register(registration)),
    logout: async () => {
      const left = keeper.leave()
      become({ status: "signed-out", because: "left" })
      tabs.tell("signed-out")
      return { revoked: await left }
    },
    logoutAll: async () => {
      const answer = await documentOf<{ readonly sessions_revoked: number }>(
        signed({ method: "POST", path: "/auth/logout-all" })
      )
      leaveQuietly(keeper)
      return answer
    },
    ...own,
    rename: async (name) => {
      const user = await own.rename(name)
      keeper.rename(user)
      become({ status: "signed-in", user })
      return user
    },
    deleteAccount: async (password) => {
      await own.deleteAccount(password)
      leaveQuietly(keeper)
    },
    ...images(settings.url ?? "", signed),
    ...administration(signed),
    close: () => tabs.close()
  }

  /** The session is closed already: what is left to do is to forget it. */
  function leaveQuietly(kept: Keeper): void {
    kept.forget()
    become({ status: "signed-out", because: "left" })
    tabs.tell("signed-out")
  }
}
