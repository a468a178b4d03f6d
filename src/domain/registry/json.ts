import { Result, Schema } from "effect"

const DEEPEST = 64
/** Commas and opening brackets, of which no manifest or configuration has as many by far. */
const MOST_VALUES = 65_536

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [SQUARE_OPEN, SQUARE_CLOSE] = [0x5b, 0x5d]
const [CURLY_OPEN, CURLY_CLOSE] = [0x7b, 0x7d]

/**
 * What keeps a document from being parsed: that takes its time for each value and each level of nesting, not for each byte, and holds
 * up everything else (CWE-400). Four megabytes of empty objects take a quarter of a second.
 */
const objection = (bytes: Uint8Array, mostValues: number): string | undefined => {
  let depth = 0
  let values = 0
  let isInString = false
  // By index: an iterator over bytes takes many times as long.
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (isInString) {
      if (byte === BACKSLASH) index++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === COMMA) values++
    else if (byte === SQUARE_OPEN || byte === CURLY_OPEN) {
      values++
      depth++
      if (depth > DEEPEST) return "it is nested too deeply"
    } else if (byte === SQUARE_CLOSE || byte === CURLY_CLOSE) depth--
    if (values > mostValues) return `it holds more than ${mostValues} values`
  }
  return undefined
}

/** Reads a JSON document that a registry sent: UTF-8, no byte order mark left, a short reason when it is not one. */
export const decodeJson = (bytes: Uint8Array, mostValues = MOST_VALUES): Result.Result<unknown, string> => {
  const reason = objection(bytes, mostValues)
  return reason === undefined
    ? Result.try({
        try: (): unknown => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
        catch: () => "it is not JSON in UTF-8"
      })
    : Result.fail(reason)
}

/** Go writes `null` for what is empty, and leaves out what it likes: in what it wrote, the two mean the same. */
export const nullable = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
