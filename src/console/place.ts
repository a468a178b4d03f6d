import { signal } from "@preact/signals"

/** Where in the console somebody is. It stands behind the `#`: the paths before it are the API's. */
export interface Place {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

const START = "/images"

const read = (): Place => {
  const [path = "", query = ""] = location.hash.slice(1).split("?", 2)
  return { path: path === "" ? START : path, query: Object.fromEntries(new URLSearchParams(query)) }
}

export const place = signal(read())
addEventListener("hashchange", () => {
  place.value = read()
})

/** The address of a place; what is undefined is left out. */
export const to = (path: string, query: Readonly<Record<string, string | undefined>> = {}): string => {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return said.length === 0 ? `#${path}` : `#${path}?${new URLSearchParams(said).toString()}`
}

export const go = (address: string): void => {
  location.hash = address.slice(1)
}

/** Goes there without a way back. */
export const instead = (address: string): void => {
  history.replaceState(null, "", address)
  place.value = read()
}
