import type { Fetch } from "../../src/client/wire.ts"
import type { Shelf } from "../../src/client/client.ts"

/** Somebody's browser, as far as a client sees one: what its tabs share. */
export const shelf = (): Shelf & { readonly size: () => number } => {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value)
    },
    removeItem: (key) => {
      items.delete(key)
    },
    size: () => items.size
  }
}

/** A `fetch` with a jar for cookies that says where its requests come from, as a browser does. */
export const browserFetch = (origin: string): Fetch => {
  let cookie = ""
  return async (input, init) => {
    const sends = init.credentials !== "omit"
    const headers = { ...init.headers, origin, ...(sends && cookie !== "" && { cookie }) }
    const response = await fetch(input, { ...init, headers })
    const set = response.headers.get("set-cookie")
    if (sends && set !== null) cookie = /Max-Age=0/u.test(set) ? "" : set.slice(0, set.indexOf(";"))
    return response
  }
}

/** A `fetch` that notes what goes out, and can be cut from the network. */
export const watched = (through: Fetch = fetch) => {
  const paths: Array<string> = []
  let dead = false
  const watching: Fetch = (input, init) => {
    paths.push(new URL(input).pathname)
    return dead ? Promise.reject(new TypeError("fetch failed")) : through(input, init)
  }
  return {
    fetch: watching,
    count: (path: string) => paths.filter((each) => each === path).length,
    cut: () => {
      dead = true
    },
    mend: () => {
      dead = false
    }
  }
}
