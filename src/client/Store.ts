import type { User } from "./documents.ts"

/** What a client keeps of a token session. */
export interface Kept {
  readonly access_token: string
  readonly refresh_token: string
  /** By this machine's clock, in milliseconds. */
  readonly expires_at: number
  readonly user: User
}

/** Where a client keeps its tokens. */
export interface Store {
  /** The name under which other tabs find the same tokens; undefined when nobody else does. */
  readonly shared: string | undefined
  /** Where others share it that are no tabs: lets one of them at a time do this. */
  readonly alone?: <A>(work: () => Promise<A>) => Promise<A>
  readonly load: () => Kept | undefined
  readonly save: (kept: Kept) => void
  readonly clear: () => void
}

/** In this client alone, for as long as it lives. */
export const inMemory = (): Store => {
  let kept: Kept | undefined
  return {
    shared: undefined,
    load: () => kept,
    save: (next) => {
      kept = next
    },
    clear: () => {
      kept = undefined
    }
  }
}

/** As much of the web's `Storage` as is needed. */
export interface Shelf {
  readonly getItem: (key: string) => string | null
  readonly setItem: (key: string, value: string) => void
  readonly removeItem: (key: string) => void
}

const isKept = (value: unknown): value is Kept =>
  typeof value === "object" && value !== null && "access_token" in value && "refresh_token" in value && "user" in value

const parse = (text: string): Kept | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isKept(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** In `localStorage`, say, where every tab finds them, and every script of the page: a page should prefer cookie sessions. */
export const onShelf = (shelf: Shelf, key = "keyhole"): Store => ({
  shared: key,
  load: () => parse(shelf.getItem(key) ?? ""),
  save: (kept) => shelf.setItem(key, JSON.stringify(kept)),
  clear: () => shelf.removeItem(key)
})
