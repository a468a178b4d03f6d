import { Result, Schema } from "effect"

const DEEPEST = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [SQUARE_OPEN, SQUARE_CLOSE] = [0x5b, 0x5d]
const [CURLY_OPEN, CURLY_CLOSE] = [0x7b, 0x7d]

/** Whether brackets are nested deeper than any document needs: parsing millions of them holds up everything else. */
const isTooDeep = (bytes: Uint8Array): boolean => {
  let depth = 0
  let isInString = false
  // By index: an iterator over bytes takes many times as long.
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (isInString) {
      if (byte === BACKSLASH) index++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === SQUARE_OPEN || byte === CURLY_OPEN) {
      depth++
      if (depth > DEEPEST) return true
    } else if (byte === SQUARE_CLOSE || byte === CURLY_CLOSE) depth--
  }
  return false
}

/** Reads a JSON document that a registry sent: UTF-8, no byte order mark left, a short reason when it is not one. */
export const decodeJson = (bytes: Uint8Array): Result.Result<unknown, string> =>
  isTooDeep(bytes)
    ? Result.fail("it is nested too deeply")
    : Result.try({
        try: (): unknown => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
        catch: () => "it is not JSON in UTF-8"
      })

/** Go writes `null` for what is empty, and leaves out what it likes: in what it wrote, the two mean the same. */
export const nullable = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
