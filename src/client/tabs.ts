/** What tabs tell each other. */
export type News = "signed-in" | "signed-out"

/** The other tabs that share a session with this one. */
export interface Tabs {
  readonly tell: (news: News) => void
  /** Lets one tab at a time do this. */
  readonly alone: <A>(work: () => Promise<A>) => Promise<A>
  readonly close: () => void
}

/** Nobody shares it. */
export const noTabs: Tabs = { tell: () => undefined, alone: (work) => work(), close: () => undefined }

/** As much of Web Locks as is needed. */
interface Locks {
  readonly request: <A>(name: string, work: () => Promise<A>) => Promise<A>
}

interface Stored {
  readonly key: string | null
  readonly newValue: string | null
}

/** As much of a page as is needed: it hears of what other tabs store when it can be read here. */
interface Page {
  readonly addEventListener?: (type: "storage", hear: (stored: Stored) => void) => void
  readonly removeEventListener?: (type: "storage", hear: (stored: Stored) => void) => void
  /** Node 20 has none. */
  readonly navigator?: { readonly locks?: Locks }
}

const isNews = (data: unknown): data is News => data === "signed-in" || data === "signed-out"

/** Those of the same origin, by a name. Where there are no Web Locks, the service's grace for refresh tokens has to do. */
export const tabsNamed = (name: string, hear: (news: News) => void): Tabs => {
  const channel = new BroadcastChannel(`keyhole:${name}`)
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- Node's types know no event's `data` there
  channel.onmessage = ({ data }: { readonly data: unknown }) => {
    if (isNews(data)) hear(data)
  }
  // In Node, listening would keep the process alive.
  if ("unref" in channel && typeof channel.unref === "function") channel.unref()
  const page: Page = globalThis
  const locks = page.navigator?.locks
  // News may come before the tokens that it is about: the processes of a browser learn late what one of them has stored.
  const look = ({ key, newValue }: Stored) => {
    if (key === name) hear(newValue === null ? "signed-out" : "signed-in")
  }
  page.addEventListener?.("storage", look)
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
    tell: (news) => channel.postMessage(news),
    alone: (work) => (locks === undefined ? work() : locks.request(`keyhole:${name}`, work)),
    close: () => {
      page.removeEventListener?.("storage", look)
      channel.close()
    }
  }
}
