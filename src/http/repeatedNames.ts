import { pointerSegment } from "./decode.ts"

/** Strings, and what opens, ends or goes on with an object or array. What the text is JSON of is known. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/gu

/** An object or an array that is open. */
interface Level {
  readonly pointer: string
  /** The names so far; an array has none. */
  readonly names: Set<string> | undefined
  /** Where in it we are. */
  at: string | number
  isNameNext: boolean
}

/**
 * The places in a JSON text at which an object has a name that it had before. `JSON.parse` lets the last one count, others the
 * first (RFC 8259 §4): whoever looked at the text before us may have believed another one.
 */
export const repeatedNames = (json: string): ReadonlyArray<string> => {
  const levels: Array<Level> = []
  const found: Array<string> = []
  for (const [token] of json.matchAll(TOKENS)) {
    const level = levels.at(-1)
    if (token === "{" || token === "[") {
      const pointer = level === undefined ? "" : `${level.pointer}/${pointerSegment(level.at)}`
      const isObject = token === "{"
      levels.push({ pointer, names: isObject ? new Set() : undefined, at: 0, isNameNext: isObject })
    } else if (token === "}" || token === "]") {
      levels.pop()
    } else if (level !== undefined && token === ",") {
      if (level.names === undefined) level.at = Number(level.at) + 1
      else level.isNameNext = true
    } else if (level?.names !== undefined && level.isNameNext) {
      const name = String(JSON.parse(token))
      level.isNameNext = false
      level.at = name
      if (level.names.has(name)) found.push(`${level.pointer}/${pointerSegment(name)}`)
      level.names.add(name)
    }
  }
  return found
}
