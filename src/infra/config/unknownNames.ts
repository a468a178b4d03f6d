import { documented } from "./settings.ts"

/** How many letters have to be changed, put in or left out to make one word of another. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1]
    for (let to = 0; to < other.length; to++) {
      const changed = (row[to] ?? 0) + (one[at] === other[to] ? 0 : 1)
      next.push(Math.min(changed, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

const known = documented.map(({ name }) => name)

/**
 * A sentence for each name that looks like a setting and is none: a mistyped one would be ignored in silence. It is no
 * reason not to start, because others put such names there too: an orchestrator says where a service `keyhole` is with
 * `KEYHOLE_SERVICE_HOST` and `KEYHOLE_PORT`.
 */
export const unknownNames = (environment: ReadonlyArray<string>): ReadonlyArray<string> =>
  environment
    .filter((name) => name.startsWith("KEYHOLE_") && !known.includes(name))
    .toSorted()
    .map((name) => {
      const nearest = known.find((each) => distance(each, name) <= 3)
      return `${name} is set, and there is no such setting${nearest === undefined ? "" : `; is ${nearest} meant?`}`
    })
